// What mldoc, Logseq's own parser, finds in pages: JSON [[path, text], …] on stdin, {path: facts} on stdout.
const { Mldoc } = require("mldoc");

const config = JSON.stringify({
  toc: false, parse_outline_only: false, heading_number: false, keep_line_break: true, format: "Markdown",
  heading_to_list: false, exporting_keep_properties: true, inline_type_with_pos: false, inline_skip_macro: false,
  export_md_remove_options: [], hiccup_in_block: true, enable_drawers: true, parse_marker: true, parse_priority: true,
});

const plain = (node) =>
  typeof node === "string" ? node
  : !Array.isArray(node) ? (node && node.content ? node.content : "")
  : node[0] === "Link" ? node[1].full_text
  : node[0] === "Nested_link" ? node[1].content
  : node[0] === "Plain" || node[0] === "Code" ? node[1]
  : node.map(plain).join("");

function take(node, facts) {
  if (!Array.isArray(node)) {
    if (node && typeof node === "object") Object.values(node).forEach((inner) => take(inner, facts));
    return;
  }
  const [kind, value] = node;
  if (kind === "Link" && value && value.url) {
    const [sort, target] = value.url;
    if (sort === "Page_ref") facts.links.push(target);
    else if (sort === "Block_ref") facts.blocks.push(target);
    return; // of any other address the label does not count
  }
  if (kind === "Nested_link") {
    facts.links.push(value.content.slice(2, -2));
    return;
  }
  if (kind === "Tag") {
    facts.tags.push(value.map(plain).join(""));
    return;
  }
  if (kind === "Block_reference") {
    facts.blocks.push(value);
    return;
  }
  if (kind === "Macro") {
    if (value.name === "embed") facts.embeds.push(value.arguments.join(", "));
    return;
  }
  if (kind === "Property_Drawer") {
    for (const [key, text, references] of value) {
      facts.properties.push([key, text]);
      for (const reference of references) {
        const found = { links: [], tags: [], blocks: [], embeds: [], properties: [] };
        take(reference, found);
        facts.values.push(...found.links, ...found.tags);
      }
    }
    return;
  }
  node.forEach((inner) => take(inner, facts));
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const found = {};
  for (const [path, text] of JSON.parse(input)) {
    const facts = { links: [], tags: [], blocks: [], embeds: [], properties: [], values: [] };
    take(JSON.parse(Mldoc.parseJson(text, config)), facts);
    found[path] = facts;
  }
  process.stdout.write(JSON.stringify(found));
});
