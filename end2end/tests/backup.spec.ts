// What is backed up beside a running server shows the same pages when it is restored into another place.

import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { SAMPLE_FILES, uploadArtifacts } from '../fixtures/artifacts.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner, signIn } from '../fixtures/users.ts';
import { expect, test } from '../fixtures/test.ts';
import { createTrainedExperiment } from '../fixtures/trained-experiment.ts';

test.use({ user: owner });

test('a restored backup has the same pages and files', async ({
  page,
  browser,
  server,
  freshServer,
  content,
  script,
  requestAs,
  browserErrors,
}, info) => {
  const experiment = await createTrainedExperiment(content, script);
  await uploadArtifacts(await requestAs(owner), experiment, SAMPLE_FILES);
  const archive = info.outputPath('groundglass.tar');
  await server.runCommand(['backup', archive]);
  await freshServer.runCommand(['restore', archive]);
  await freshServer.start();

  const storageState = await signIn(browser, freshServer, owner);
  const elsewhere = await browser.newContext({ storageState, baseURL: freshServer.url });
  browserErrors.watch(elsewhere, true);
  const there = await elsewhere.newPage();
  for (const tab of ['logs', 'artifacts', 'settings']) {
    const address = join(experiment.path, tab);
    await visit(page, address);
    await visit(there, address);
    await expect(there.getByRole('heading', { level: 1 })).toHaveText(experiment.name);
    // Both still draw their charts, whose labels are text too.
    await expect(async () => expect(await text(there)).toBe(await text(page))).toPass({ timeout: 10_000 });
  }
  for (const name of ['best.pt', 'confusion.png']) {
    const [before, after] = [await download(page, experiment.path, name), await download(there, experiment.path, name)];
    expect(before.length).toBeGreaterThan(100);
    expect(after.equals(before), name).toBe(true);
  }
});

async function text(page: Page): Promise<string> {
  return page.getByRole('main').innerText();
}

/** The bytes of an artifact, by the link in its row. */
async function download(page: Page, path: string, name: string): Promise<Buffer> {
  await visit(page, join(path, 'artifacts'));
  const link = page.getByRole('row').filter({ hasText: name }).locator('a', { hasText: 'Download' });
  const address = await link.getAttribute('href');
  if (address === null) throw new Error(`no link to ${name}`);
  return (await page.request.get(address)).body();
}
