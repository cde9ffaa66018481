// A backup taken while the server runs shows the same pages after it is restored into another data directory.

import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { SAMPLE_FILES, uploadArtifacts } from '../fixtures/artifacts.ts';
import { visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { createTrainedExperiment } from '../fixtures/trained-experiment.ts';
import { owner, signIn } from '../fixtures/users.ts';

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
  // The page of a running experiment shows how long it has run, which changes.
  await script.setStatus(experiment, 'SUCCESS');
  const archive = info.outputPath('groundglass.tar');
  await server.runCommand(['backup', archive]);
  await freshServer.runCommand(['restore', archive]);
  await freshServer.start();

  const storageState = await signIn(browser, freshServer, owner);
  const restoredContext = await browser.newContext({ storageState, baseURL: freshServer.url });
  browserErrors.watch(restoredContext, true);
  const restored = await restoredContext.newPage();
  for (const tab of ['logs', 'artifacts', 'settings']) {
    const address = join(experiment.path, tab);
    await visit(page, address);
    await visit(restored, address);
    await expect(restored.getByRole('heading', { level: 1 })).toHaveText(experiment.name);
    // Retried, because both pages may still draw their charts, whose labels are text too.
    await expect(async () => expect(await mainText(restored)).toBe(await mainText(page))).toPass({ timeout: 10_000 });
  }
  for (const name of ['best.pt', 'confusion.png']) {
    const [before, after] = [await downloadArtifact(page, experiment.path, name), await downloadArtifact(restored, experiment.path, name)];
    expect(before.length).toBeGreaterThan(100);
    expect(after.equals(before), name).toBe(true);
  }
});

async function mainText(page: Page): Promise<string> {
  return page.getByRole('main').innerText();
}

/** Downloads an artifact through the link in its row. */
async function downloadArtifact(page: Page, path: string, name: string): Promise<Buffer> {
  await visit(page, join(path, 'artifacts'));
  const link = page.getByRole('row').filter({ hasText: name }).locator('a', { hasText: 'Download' });
  const address = await link.getAttribute('href');
  if (address === null) throw new Error(`no link to ${name}`);
  return (await page.request.get(address)).body();
}
