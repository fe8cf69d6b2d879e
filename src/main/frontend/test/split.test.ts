import { describe, expect, test } from "vitest";
import { evenly, keep, kept, LEAST, moved, reach, tracks } from "../src/terminal/split";

const store = (text: string | null = null) => ({ text, getItem() { return this.text; }, setItem(_: string, value: string) { this.text = value; } });

describe("lines between panes", () => {
  test("no pane gets smaller than its least share, whatever is asked for", () => {
    for (const to of [-50, 0, 11, 40, 70, 99, 1000]) for (const i of [0, 1]) {
      const at = moved([30, 60], i, to), sizes = [at[0]!, at[1]! - at[0]!, 100 - at[1]!];
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(LEAST);
      expect(at[1 - i]).toBe([30, 60][1 - i]);
    }
    expect(moved([30, 60], 0, 41)).toEqual([41, 60]);
    expect(reach([30, 60], 0)).toEqual([LEAST, 60 - LEAST]);
    expect(reach([30, 60], 1)).toEqual([30 + LEAST, 100 - LEAST]);
  });

  test("tracks add up, with the line's width between them", () => {
    expect(tracks([])).toBe("minmax(0,100.00fr)");
    expect(tracks([30, 60])).toBe("minmax(0,30.00fr) 8px minmax(0,30.00fr) 8px minmax(0,40.00fr)");
  });

  test("they come back as they were left, each workspace its own; what does not fit is even", () => {
    const here = store();
    expect(kept("a", "grid2x2", here)).toEqual(evenly("grid2x2"));
    keep("a", { columns: [20], rows: [70] }, here);
    keep("b", { columns: [30], rows: [] }, here);
    expect(kept("a", "grid2x2", here)).toEqual({ columns: [20], rows: [70] });
    expect(kept("b", "grid2x1", here)).toEqual({ columns: [30], rows: [] });
    expect(kept("a", "grid1x3", here)).toEqual(evenly("grid1x3"));
    for (const broken of ["", "{}", "[1,2]", '[["a",{"columns":[3],"rows":[50]}]]', '[["a",{"columns":["x"],"rows":[50]}]]', '[["a",null]]']) {
      expect(kept("a", "grid2x2", store(broken))).toEqual(evenly("grid2x2"));
    }
    for (let i = 0; i < 100; i++) keep(`w${i}`, evenly("grid2x1"), here);
    expect(JSON.parse(here.text!)).toHaveLength(40);
  });
});
