import { expect, test } from "vitest";
import { Slots } from "../src/ui/slots";

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `link-${from + i}`);

test("what stays in view keeps its place, and what comes takes the place of what went", () => {
  const slots = new Slots();
  const before = slots.assign(ids(0, 40)), after = slots.assign(ids(17, 57));
  expect(after.slice(0, 23)).toEqual(before.slice(17));
  expect([...after.slice(23)].sort((a, b) => a - b)).toEqual([...before.slice(0, 17)].sort((a, b) => a - b));
});
test("for any way of scrolling no two have one place, and there are no more places than were ever shown at once", () => {
  const slots = new Slots();
  let seed = 7, most = 0;
  const some = (n: number) => { seed = seed * 48271 % 2147483647; return seed % n; };
  for (let round = 0; round < 500; round++) {
    const from = some(1000), wanted = ids(from, from + some(60)), got = slots.assign(wanted);
    most = Math.max(most, wanted.length);
    expect(new Set(got).size).toBe(wanted.length);
    expect(Math.max(-1, ...got)).toBeLessThan(most);
  }
});
