// Loads every page with an empty cache, in Lighthouse's two presets, and prints a table: what came over the wire, and the scores.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { test } from '@playwright/test';
import type { Result } from 'lighthouse';

import { openPlace, type Place } from '../fixtures/place.ts';
import { losses, paints, scores, weights } from './figures.ts';
import { Lighthouse, type Preset, PRESETS } from './lighthouse.ts';

const runs = Number(process.env['GROUNDGLASS_RUNS'] ?? '1');
const reports = process.env['GROUNDGLASS_REPORTS'] ?? join(import.meta.dirname, '../../target/xtask/lighthouse');

/** The pages by what the table calls them; the first are for those who are not signed in. */
function pages({ experiment, project, projects }: Place): { open: Record<string, string>; closed: Record<string, string> } {
  return {
    open: { 'sign-in': '/sign-in', 'API docs': '/api/docs' },
    closed: {
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

async function row(chromium: Lighthouse, name: string, url: string, notes: string[]): Promise<string> {
  const results: Record<Preset, Result[]> = { desktop: [], mobile: [] };
  for (const preset of PRESETS) {
    for (let run = 0; run < runs; run += 1) results[preset].push(await chromium.judge(url, preset));
    const [first] = results[preset];
    if (first === undefined) throw new Error('at least one run is needed');
    writeFileSync(join(reports, `${name.replaceAll(/\W+/g, '-')}-${preset}.json`), JSON.stringify(first));
    notes.push(...losses(first).map((loss) => `${name}, ${preset}: ${loss}`));
  }
  const [desktop] = results.desktop;
  if (desktop === undefined) throw new Error('at least one run is needed');
  const { total, wasm, js, css, other } = weights(desktop);
  const { lcp, shift } = paints(desktop);
  const bytes = [total, wasm, js, css, other].map(kilobytes);
  const judged = PRESETS.map((preset) => scores(results[preset]).join(' / '));
  return `| ${[name, ...bytes, ...judged, `${(lcp / 1000).toFixed(2)} s`, shift.toFixed(3)].join(' | ')} |`;
}

test('what pages weigh', async ({ browser, playwright }) => {
  mkdirSync(reports, { recursive: true });
  const place = await openPlace(browser, playwright);
  const chromium = await Lighthouse.start(playwright);
  try {
    const { open, closed } = pages(place);
    const notes: string[] = [];
    const table = [
      '| page | KB over the wire | WASM | JS | CSS | other | desktop | mobile | LCP | CLS |',
      '|---|---|---|---|---|---|---|---|---|---|',
    ];
    const measure = async (paths: Record<string, string>) => {
      for (const [name, path] of Object.entries(paths)) {
        const measured = await row(chromium, name, place.url + path, notes);
        console.log(measured);
        table.push(measured);
      }
    };
    await measure(open);
    await chromium.signIn(place.signedIn, place.url);
    await measure(closed);
    console.log(`\n${table.join('\n')}`);
    console.log(`\nWhat cost points (all of it in ${reports}):\n${notes.map((note) => `  ${note}`).join('\n')}`);
  } finally {
    await chromium.end();
    await place.end();
  }
});
