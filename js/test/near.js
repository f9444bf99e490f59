/** Numbers that agree but for rounding. */
import assert from "node:assert/strict";

/** @param {ArrayLike<number>} got @param {ArrayLike<number>} want @param {number} [by] */
export function near(got, want, by = 1e-9) {
  assert.equal(got.length, want.length);
  for (let i = 0; i < got.length; i += 1) {
    const close = Math.abs(got[i] - want[i]) <= by;
    assert.ok(close, `${Array.from(want)} wanted, got ${Array.from(got)}`);
  }
}
