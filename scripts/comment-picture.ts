// Makes docs/comment.png, the picture in the README: the comment that the demo's report becomes, as
// GitHub shows it on a pull request. Runs the demo where there is no report of it yet; another report
// can be named. Needs Chromium, as `chromium` on the PATH or where CHROMIUM says, and a font with emoji.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { Report } from "../src/model/report.ts";
import { renderComment } from "../src/report/markdown.ts";

/** What fits beside the text of the README: the verdict, secrets, the stages, and what to update. */
const WIDTH = 872;
const HEIGHT = 1043;

const root = join(import.meta.dirname, "..");
const ofDemo = join(root, "out", "demo", "report.json");
const report = process.argv[2] ?? ofDemo;
const picture = join(root, "docs", "comment.png");

if (report === ofDemo && !existsSync(report))
  runOrStop(process.execPath, [join(root, "scripts", "demo.ts")]);
const folder = mkdtempSync(join(tmpdir(), "comment-picture-"));
try {
  const page = join(folder, "comment.html");
  writeFileSync(page, pageOf(commentOf(readFileSync(report, "utf8"))));
  runOrStop(process.env.CHROMIUM ?? "chromium", [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
    ...[`--window-size=${WIDTH},${HEIGHT}`, "--force-device-scale-factor=2"],
    ...[`--screenshot=${picture}`, `file://${page}`],
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${picture} shows ${report}`);

/** The comment as on a pull request of a repository that there is not. */
function commentOf(text: string): string {
  const commit = "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d";
  const server = "https://github.com";
  return renderComment(JSON.parse(text) as Report, {
    source: { serverUrl: server, repository: "acme/trading", commit },
    summaryUrl: `${server}/acme/trading/actions/runs/1`,
    nameIsGiven: true,
    fail: true,
    onUnknown: "fail",
  });
}

function pageOf(markdown: string): string {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const style = readFileSync(join(import.meta.dirname, "comment-picture.css"), "utf8");
  return [
    '<!doctype html><meta charset="utf-8">',
    `<style>${style}</style>`,
    '<div class="comment"><div class="author"><b>github-actions</b> bot commented</div>',
    `<div class="body">${html}</div></div>`,
  ].join("\n");
}

function runOrStop(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  console.error(`${command} ${error?.message ?? `ended with ${status}`}\n${stderr}`);
  process.exit(1);
}
