// What keeps somebody from reading or using this page: returns sentences, none where nothing does.
const faults = [];

function visible(element) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1
        && !element.closest(".hidden") && element.checkVisibility();
}

// Labels: whatever can be used has a name.
for (const element of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const name = element.getAttribute("aria-label") || [...(element.labels ?? [])].map((label) => label.textContent).join("");
    if (!name.trim()) faults.push(`${element.tagName} ${element.name || element.id} has no label`);
}
for (const element of document.querySelectorAll("a[href], button")) {
    if (!(element.textContent.trim() || element.getAttribute("aria-label"))) {
        faults.push(`${element.outerHTML.slice(0, 80)} has no name`);
    }
}
for (const element of document.querySelectorAll("svg:not([aria-hidden]), img")) {
    if (!(element.getAttribute("aria-label") || element.getAttribute("alt"))) faults.push("a picture says nothing");
}
for (const element of document.querySelectorAll("table")) {
    if (!element.querySelector("caption")) faults.push("a table has no caption");
}
for (const element of document.querySelectorAll("[aria-describedby]")) {
    for (const id of element.getAttribute("aria-describedby").split(" ")) {
        if (!document.getElementById(id)) faults.push(`${id} describes something and is not there`);
    }
}

// Structure.
if (!document.documentElement.lang) faults.push("the page does not say its language");
if (document.querySelectorAll("h1").length !== 1) faults.push(`there are ${document.querySelectorAll("h1").length} h1`);
if (document.querySelectorAll("main").length !== 1) faults.push("there is not one main");
let level = 1;
for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4)")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`${heading.textContent.slice(0, 40)} is h${next} after h${level}`);
    level = next;
}
const ids = new Set();
for (const element of document.querySelectorAll("[id]")) {
    if (ids.has(element.id)) faults.push(`the id ${element.id} is there twice`);
    ids.add(element.id);
}

// Nothing is wider than the window.
if (document.documentElement.scrollWidth > innerWidth + 1) {
    const wide = [...document.querySelectorAll("body *")].filter((element) =>
        visible(element) && element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".wide"));
    faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}: `
        + wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 60)).join(" "));
}

// Contrast (WCAG 2.2, 1.4.3): 4.5 to 1, 3 to 1 for large text.
function channels(color) {
    const numbers = color.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return {rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1};
}
function luminance(rgb) {
    const [r, g, b] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function background(element) {
    for (let current = element; current; current = current.parentElement) {
        const {rgb, alpha} = channels(getComputedStyle(current).backgroundColor);
        if (alpha === 1) return rgb;
    }
    return [255, 255, 255];
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(element) || element.closest("script, style, option")) continue;
    seen.add(element);
    if (!visible(element) || element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const [one, other] = [luminance(channels(style.color).rgb), luminance(background(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    if (contrast < (isLarge ? 3 : 4.5)) {
        faults.push(`"${walker.currentNode.textContent.trim().slice(0, 30)}" has a contrast of ${contrast.toFixed(2)}`);
    }
}
return faults;
