import { expect, it } from "vitest";
import { contains } from "../../../src/build/builder/networks.ts";

it.each([
  ["10.0.0.0/8", "10.1.2.3:5000"],
  ["0.0.0.0/0", "1.2.3.4"],
  ["::/0", "[1::2]:443"],
  ["fe80::/10", "[febf:ffff::]"],
  ["1:2:3:4:5:6:7:8/128", "[1:2:3:4:5:6:7:8]"],
])("%s has %s", (network, host) => {
  expect(contains(network, host)).toBe(true);
});

it.each([
  ["10.0.0.0/8", "11.0.0.1"],
  ["10.0.0.0/8", "ten.example:5000"],
  ["10.0.0.0", "10.0.0.0"],
  ["::/0", "1.2.3.4"],
  ["0.0.0.0/0", "[::1]"],
  ["::/0", "[1::2::3]"],
  ["::/0", "[1:2:3:4:5:6:7:8:9]"],
  ["::/0", "[1:2:3]"],
  ["::/0", "[::g]"],
  ["fe80::/10", "[fec0::1]"],
  ["", ""],
])("%s has not %s", (network, host) => {
  expect(contains(network, host)).toBe(false);
});
