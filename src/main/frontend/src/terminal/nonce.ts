/**
 * xterm writes its colours and font into <style> elements of its own, which the page's policy refuses unless they carry
 * the page's nonce (xterm.js issue 4445). The nonce is in the page; scripts may read it, markup from elsewhere may not.
 */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
const create = document.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement;

/** It sets colours that are no class with setAttribute("style"), which the policy refuses, while style.cssText is let through. */
const set = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (this: Element, name: string, value: string): void {
  if (name === "style" && this instanceof HTMLElement) this.style.cssText = value;
  else set.call(this, name, value);
};

if (nonce) {
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name === "style") element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
