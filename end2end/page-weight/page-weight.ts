// Loads every page with an empty cache in Lighthouse's two presets, and prints a table of transfer sizes and scores.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { test } from '@playwright/test';
import type { Result } from 'lighthouse';

import { openTestInstance, type TestInstance } from '../fixtures/test-instance.ts';
import { Lighthouse, type Preset, PRESETS } from './lighthouse.ts';
import { failedAudits, medianScores, transferSizes, webVitals } from './metrics.ts';

const runs = Number(process.env['GROUNDGLASS_RUNS'] ?? '1');
const reports = process.env['GROUNDGLASS_REPORTS'] ?? join(import.meta.dirname, '../../target/xtask/lighthouse');

/** Returns the paths of the pages by their names in the table; `anonymous` pages are measured before signing in. */
function pagePaths({ experiment, project, projects }: TestInstance): {
  anonymous: Record<string, string>;
  signedIn: Record<string, string>;
} {
  return {
    anonymous: { 'sign-in': '/sign-in', 'API docs': '/api/docs' },
    signedIn: {
      projects,
      project,
      'experiment, Logs': `${experiment}/logs`,
      'experiment, Artifacts': `${experiment}/artifacts`,
      'experiment, Evaluation': `${experiment}/evaluation`,
      'experiment, Telemetry': `${experiment}/telemetry`,
      'experiment, Settings': `${experiment}/settings`,
      account: '/account',
    },
  };
}

const kilobytes = (bytes: number) => (bytes === 0 ? '' : (bytes / 1000).toFixed(bytes < 99_500 ? 1 : 0));

/** Audits a page, writes its reports and returns its row of the table; appends failed audits to `notes`. */
async function measurePage(chromium: Lighthouse, name: string, url: string, notes: string[]): Promise<string> {
  const results: Record<Preset, Result[]> = { desktop: [], mobile: [] };
  for (const preset of PRESETS) {
    for (let run = 0; run < runs; run += 1) results[preset].push(await chromium.audit(url, preset));
    const [first] = results[preset];
    if (first === undefined) throw new Error('GROUNDGLASS_RUNS must be at least 1');
    writeFileSync(join(reports, `${name.replaceAll(/\W+/g, '-')}-${preset}.json`), JSON.stringify(first));
    notes.push(...failedAudits(first).map((audit) => `${name}, ${preset}: ${audit}`));
  }
  const [desktop] = results.desktop;
  if (desktop === undefined) throw new Error('GROUNDGLASS_RUNS must be at least 1');
  const { total, wasm, js, css, other } = transferSizes(desktop);
  const { lcp, cls } = webVitals(desktop);
  const bytes = [total, wasm, js, css, other].map(kilobytes);
  const scores = PRESETS.map((preset) => medianScores(results[preset]).join(' / '));
  return `| ${[name, ...bytes, ...scores, `${(lcp / 1000).toFixed(2)} s`, cls.toFixed(3)].join(' | ')} |`;
}

test('page weight', async ({ browser, playwright }) => {
  mkdirSync(reports, { recursive: true });
  const instance = await openTestInstance(browser, playwright);
  const chromium = await Lighthouse.start(playwright);
  try {
    const { anonymous, signedIn } = pagePaths(instance);
    const notes: string[] = [];
    const table = [
      '| page | KB over the wire | WASM | JS | CSS | other | desktop | mobile | LCP | CLS |',
      '|---|---|---|---|---|---|---|---|---|---|',
    ];
    const measureAll = async (paths: Record<string, string>) => {
      for (const [name, path] of Object.entries(paths)) {
        const row = await measurePage(chromium, name, instance.url + path, notes);
        console.log(row);
        table.push(row);
      }
    };
    await measureAll(anonymous);
    await chromium.signIn(instance.storageState, instance.url);
    await measureAll(signedIn);
    console.log(`\n${table.join('\n')}`);
    console.log(`\nFailed audits (full reports in ${reports}):\n${notes.map((note) => `  ${note}`).join('\n')}`);
  } finally {
    await chromium.close();
    await instance.dispose();
  }
});
