/**
 * xterm writes its colours and font into <style> elements of its own, which the page's policy refuses unless they carry
 * the page's nonce (xterm.js issue 4445). The nonce is in the page; scripts may read it, markup from elsewhere may not.
 */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
const create = document.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement;

if (nonce) {
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name === "style") element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
