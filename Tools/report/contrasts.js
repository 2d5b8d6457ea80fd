// Texts on the page whose contrast is below what WCAG 2.2 asks (§1.4.3: 4.5, of large text 3), as [ratio, text].
const channel = (value) => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const colour = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
const backdrop = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const found = colour(getComputedStyle(at).backgroundColor);
    if (found[3] === 1) return found;
    if (found[3] !== 0) return [NaN, NaN, NaN];
  }
  return [255, 255, 255];
};
const low = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, option")) continue;
  // What cannot be used is exempt.
  if (element.closest(":disabled")) continue;
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const [one, two] = [luminance(colour(style.color)), luminance(backdrop(element))];
  const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  const isLarge = size >= 24 || size >= 18.66 && +style.fontWeight >= 700;
  if (!(ratio >= (isLarge ? 3 : 4.5))) low.push([Math.round(ratio * 100) / 100, walker.currentNode.data.slice(0, 60)]);
}
return low;
