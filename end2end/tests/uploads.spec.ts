// Uploads from the page: chosen, dropped, interrupted by anything, and whole in the end.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import { ContentFactory, type CreatedResource } from '../fixtures/content-factory.ts';
import { downloadSha256, dropFiles, dropPaths, writeTestFile, writeLargeFile, sha256, limitUploadSpeed } from '../fixtures/files.ts';
import { reload, visit } from '../fixtures/navigation.ts';
import { admin, addUser, owner, signIn, viewer } from '../fixtures/users.ts';
import { TrainingScript } from '../fixtures/training-script.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

const MIB = 1 << 20;
const dock = (page: Page) => page.getByRole('region', { name: 'Uploads' });
const uploadRow = (page: Page, name: string): Locator => page.locator(`[data-upload=${JSON.stringify(name)}]`);
const artifactRow = (page: Page, name: string): Locator => page.locator(`[data-artifact-name=${JSON.stringify(name)}]`).first();
const fileInput = (page: Page) => page.getByLabel('Upload files').first();
const STORED = /stored, checksums are equal/;

async function openArtifactsTab(page: Page, content: ContentFactory): Promise<CreatedResource> {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/artifacts`);
  return experiment;
}

test('several chosen files become artifacts', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await expect(dock(page)).toBeHidden();
  await fileInput(page).setInputFiles([writeTestFile(info, 'a.txt', 'A'), writeTestFile(info, 'empty.bin', ''), writeTestFile(info, 'b ü.txt', 'B')]);
  for (const name of ['a.txt', 'empty.bin', 'b ü.txt']) {
    await expect(uploadRow(page, name)).toContainText(STORED);
    await expect(artifactRow(page, name)).toBeVisible();
  }
  await expect(dock(page)).toContainText('3 files stored');
  await expect(page.getByRole('status').filter({ hasText: 'All is stored: 3 files.' })).toBeAttached();
  const all = await script.listArtifacts(experiment);
  expect(all.map(({ name, sha256: sum }) => [name, sum])).toEqual([
    ['a.txt', sha256('A')],
    ['b ü.txt', sha256('B')],
    ['empty.bin', sha256('')],
  ]);
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await expect(dock(page)).toBeHidden();
});

test('an upload that is just beginning is not taken for an interrupted one', async ({ page, content }, info) => {
  // The page asks what is unfinished when the server has begun the upload, and hears that before it hears of the beginning.
  let begun = () => {};
  let told = () => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const wasTold = new Promise<void>((resolve) => (told = resolve));
  await page.route('**/fn/uploads/begin', async (route) => {
    const response = await route.fetch();
    begun();
    await wasTold;
    await route.fulfill({ response });
  });
  await page.route(
    '**/fn/uploads?*',
    async (route) => {
      await hasBegun;
      await route.continue();
      await (await route.request().response())?.finished();
      told();
    },
    { times: 1 },
  );
  await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles([writeTestFile(info, 'a.txt', 'A')]);
  await expect(uploadRow(page, 'a.txt')).toContainText(STORED);
  await expect(uploadRow(page, 'a.txt')).toHaveCount(1);
  await expect(dock(page)).toContainText('1 file stored');
});

test('a chosen folder keeps its paths', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  writeTestFile(info, 'runs/args.yaml', 'epochs: 3');
  writeTestFile(info, 'runs/weights/best.pt', 'weights');
  await page.getByLabel('Upload a folder').first().setInputFiles(info.outputPath('runs'));
  await expect(uploadRow(page, 'runs/weights/best.pt')).toContainText(STORED);
  await expect(uploadRow(page, 'runs/args.yaml')).toContainText(STORED);
  const all = await script.listArtifacts(experiment);
  expect(all.map(({ name, filename }) => [name, filename])).toEqual([
    ['runs/args.yaml', 'args.yaml'],
    ['runs/weights/best.pt', 'best.pt'],
  ]);
});

test('files and folders are dropped anywhere', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const target = page.locator('.drop-target');
  await expect(target).toBeHidden();
  await dropFiles(page, 'h1', { 'over.txt': '' }, false);
  await expect(target).toBeVisible();
  await dropFiles(page, 'h1', { 'one.txt': '1', 'two.txt': '2' });
  await expect(target).toBeHidden();
  await expect(uploadRow(page, 'one.txt')).toContainText(STORED);
  await expect(uploadRow(page, 'two.txt')).toContainText(STORED);

  writeTestFile(info, 'out/deep/er/x.txt', 'x');
  writeTestFile(info, 'out/y.txt', 'y');
  await dropPaths(page, 640, 400, [info.outputPath('out'), writeTestFile(info, 'real.txt', 'real')]);
  for (const name of ['out/deep/er/x.txt', 'out/y.txt', 'real.txt']) await expect(uploadRow(page, name)).toContainText(STORED);
  expect((await script.listArtifacts(experiment)).map(({ name }) => name)).toEqual([
    'one.txt',
    'out/deep/er/x.txt',
    'out/y.txt',
    'real.txt',
    'two.txt',
  ]);
});

test('about a taken name the reader is asked', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const path = writeTestFile(info, 'best.pt', 'first');
  const dialog = page.getByRole('dialog', { name: 'Replace what is there?' });
  await fileInput(page).setInputFiles(path);
  await expect(uploadRow(page, 'best.pt')).toContainText(STORED);
  // With the first artifact, the buttons of the empty page give way to those above the table.
  await expect(page.getByRole('row', { name: /best\.pt/ })).toBeVisible();

  writeTestFile(info, 'best.pt', 'second');
  await fileInput(page).setInputFiles(path);
  await expect(dialog).toContainText('An artifact best.pt is here already.');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(async () => (await script.listArtifacts(experiment))[0]).toMatchObject({ version: 2, sha256: sha256('second') });

  writeTestFile(info, 'best.pt', 'third');
  await fileInput(page).setInputFiles(path);
  await dialog.getByLabel('Take another name').check();
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('best (2).pt');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('best-of-all.pt');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(uploadRow(page, 'best-of-all.pt')).toContainText(STORED);

  await fileInput(page).setInputFiles(path);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const three = [path, writeTestFile(info, 'best-of-all.pt', 'other'), writeTestFile(info, 'new.txt', 'new')];
  writeTestFile(info, 'best.pt', 'fourth');
  await fileInput(page).setInputFiles(three);
  await expect(dialog).toContainText('the names of 2 of 3 files are here already');
  await dialog.getByLabel('Decide for each file').check();
  await dialog.getByLabel('What becomes of best.pt').selectOption('Other name');
  await dialog.getByLabel('What becomes of best-of-all.pt').selectOption('Leave out');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(uploadRow(page, 'best (2).pt')).toContainText(STORED);
  await expect(uploadRow(page, 'new.txt')).toContainText(STORED);
  expect((await script.listArtifacts(experiment)).map(({ name, version, sha256: sum }) => [name, version, sum])).toEqual([
    ['best (2).pt', 1, sha256('fourth')],
    ['best-of-all.pt', 1, sha256('third')],
    ['best.pt', 2, sha256('second')],
    ['new.txt', 1, sha256('new')],
  ]);
});

test('a file dropped on an artifact takes the place of its content, after asking', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles(writeTestFile(info, 'model.pt', 'first'));
  await expect(artifactRow(page, 'model.pt')).toBeVisible();
  await dropFiles(page, '[data-artifact-name="model.pt"]', { 'epoch-9.pt': 'second' }, false);
  await expect(page.locator('.drop-target')).toContainText('Drop to replace the content of model.pt');
  await dropFiles(page, '[data-artifact-name="model.pt"]', { 'epoch-9.pt': 'second' });
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Shall epoch-9.pt take the place of what model.pt holds now?');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(async () => await script.listArtifacts(experiment)).toMatchObject([
    { name: 'model.pt', filename: 'epoch-9.pt', version: 2, sha256: sha256('second') },
  ]);
});

test('the menu of an artifact replaces its file', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles(writeTestFile(info, 'model.pt', 'first'));
  await page.getByRole('button', { name: 'More about model.pt' }).click();
  await page.getByLabel('Replace the file…').setInputFiles(writeTestFile(info, 'epoch-9.pt', 'second'));
  await expect.poll(async () => await script.listArtifacts(experiment)).toMatchObject([
    { name: 'model.pt', filename: 'epoch-9.pt', version: 2, sha256: sha256('second') },
  ]);
});

test('paused, resumed, and canceled', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const whole = writeLargeFile(info, 'whole.bin', 20);
  await limitUploadSpeed(page, 6 * MIB);
  await fileInput(page).setInputFiles([whole.path, writeLargeFile(info, 'gone.bin', 20).path]);
  await expect(uploadRow(page, 'whole.bin')).toContainText(/of 20.0 MiB · .* MiB\/s · .* left/);
  expect(await leavingPrompts(page)).toBe(true);
  await page.getByRole('button', { name: 'Pause whole.bin' }).click();
  await expect(uploadRow(page, 'whole.bin')).toContainText(/Paused at \d+ %/);
  const pause = page.getByRole('button', { name: 'Resume whole.bin' });
  await expect(pause).toBeFocused();
  await page.getByRole('button', { name: 'Cancel gone.bin' }).click();
  await expect(uploadRow(page, 'gone.bin')).toHaveCount(0);
  await expect(page.locator('.dock-toggle')).toBeFocused();
  await expect(dock(page)).toContainText('1 upload paused');
  expect(await leavingPrompts(page)).toBe(false);
  await limitUploadSpeed(page, 0);
  await pause.click();
  await expect(uploadRow(page, 'whole.bin')).toContainText(STORED);
  expect(await script.listArtifacts(experiment)).toMatchObject([{ name: 'whole.bin', sha256: whole.sha256 }]);
  await reload(page);
  await expect(artifactRow(page, 'whole.bin')).toBeVisible();
  await expect(dock(page)).toBeHidden();
});

test('an upload goes on while other pages are looked at', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const { path, sha256: sum } = writeLargeFile(info, 'long.bin', 16);
  await limitUploadSpeed(page, 4 * MIB);
  await fileInput(page).setInputFiles(path);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page).toHaveURL(/settings$/);
  await expect(uploadRow(page, 'long.bin')).toContainText(/of 16.0 MiB/);
  await page.getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeVisible();
  await limitUploadSpeed(page, 0);
  await expect(uploadRow(page, 'long.bin')).toContainText(STORED);
  expect(await script.listArtifacts(experiment)).toMatchObject([{ sha256: sum }]);
});

test('after a reload it goes on with the same file, and with no other', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const { path, sha256: sum } = writeLargeFile(info, 'half.bin', 24);
  await limitUploadSpeed(page, 8 * MIB);
  await fileInput(page).setInputFiles(path);
  await expect.poll(async () => await sentBytes(uploadRow(page, 'half.bin'))).toBeGreaterThan(9 * MIB);
  await reload(page);
  const half = uploadRow(page, 'half.bin');
  await expect(half).toContainText(/Interrupted at (33|66) %: choose the same file to go on/);
  await half.getByLabel('Choose the file of half.bin').setInputFiles(writeTestFile(info, 'other.bin', 'other'));
  await expect(half).toContainText('other.bin is another file');
  // Chosen as if it were new, it is recognized.
  await fileInput(page).setInputFiles(path);
  await expect(half).toContainText(STORED);
  expect(await script.listArtifacts(experiment)).toMatchObject([{ name: 'half.bin', sha256: sum }]);
});

test('an interrupted upload can be thrown away', async ({ page, content }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await limitUploadSpeed(page, 8 * MIB);
  await fileInput(page).setInputFiles(writeLargeFile(info, 'half.bin', 24).path);
  await expect.poll(async () => await sentBytes(uploadRow(page, 'half.bin'))).toBeGreaterThan(9 * MIB);
  await reload(page);
  await page.getByRole('button', { name: 'Cancel half.bin' }).click();
  await expect(dock(page)).toBeHidden();
  await expect.poll(async () => (await page.request.get(`/fn/uploads?experiment=${experiment.id}`)).text()).toBe('[]');
});

test('what another tab sends is not interrupted', async ({ page, content, context }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const { path } = writeLargeFile(info, 'shared.bin', 24);
  await limitUploadSpeed(page, 4 * MIB);
  await fileInput(page).setInputFiles(path);
  await expect.poll(async () => await sentBytes(uploadRow(page, 'shared.bin'))).toBeGreaterThan(MIB);
  const other = await context.newPage();
  await visit(other, `${experiment.path}/artifacts`);
  await fileInput(other).setInputFiles(path);
  await expect(uploadRow(other, 'shared.bin')).toContainText('on its way from another tab');
  await other.getByRole('button', { name: 'Cancel shared.bin' }).click();
  await limitUploadSpeed(page, 0);
  await expect(uploadRow(page, 'shared.bin')).toContainText(STORED);
  await expect(artifactRow(other, 'shared.bin')).toBeVisible();
  await expect(dock(other)).toBeHidden();
});

test('the server is gone for a while', async ({ browser, freshServer, browserErrors, playwright }, info) => {
  test.setTimeout(60_000);
  await addUser(freshServer, owner);
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const extraHTTPHeaders = { Origin: freshServer.url };
  const script = await TrainingScript.create(playwright, freshServer);
  const request = await playwright.request.newContext({ baseURL: freshServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: freshServer.url, storageState });
  browserErrors.watch(context);
  browserErrors.allowMessage(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket|status 50\d/);
  const page = await context.newPage();
  const experiment = await openArtifactsTab(page, new ContentFactory(request));
  const { path, sha256: sum } = writeLargeFile(info, 'long.bin', 64);
  await limitUploadSpeed(page, 16 * MIB);
  await fileInput(page).setInputFiles(path);
  const long = uploadRow(page, 'long.bin');
  await expect.poll(async () => await sentBytes(long), { timeout: 20_000 }).toBeGreaterThan(8 * MIB);
  await freshServer.kill();
  await expect(long).toContainText('waiting for the server…');
  await expect(dock(page)).toContainText('Waiting for the server…');
  await freshServer.start();
  await page.getByRole('button', { name: 'Try now: long.bin' }).click();
  await limitUploadSpeed(page, 0);
  await expect(long).toContainText(STORED, { timeout: 30_000 });
  expect(await script.listArtifacts(experiment)).toMatchObject([{ sha256: sum }]);
  await request.dispose();
  await script.dispose();
});

test('without room nothing is sent', async ({ browser, freshServer, browserErrors, playwright }, info) => {
  await addUser(freshServer, owner);
  freshServer.settings['GROUNDGLASS_STORAGE_LIMIT'] = '1MiB';
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const extraHTTPHeaders = { Origin: freshServer.url };
  const request = await playwright.request.newContext({ baseURL: freshServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: freshServer.url, storageState });
  browserErrors.watch(context);
  browserErrors.expectStatus(422);
  const page = await context.newPage();
  await openArtifactsTab(page, new ContentFactory(request));
  let parts = 0;
  page.on('request', (sent) => (parts += sent.method() === 'PUT' ? 1 : 0));
  await fileInput(page).setInputFiles(writeLargeFile(info, 'big.bin', 8).path);
  await expect(uploadRow(page, 'big.bin')).toContainText(/room|space|limit/i);
  await expect(page.getByRole('button', { name: 'Retry big.bin' })).toBeVisible();
  expect(parts).toBe(0);
  await request.dispose();
});

test('a gibibyte survives a reload and a kill of the server', async ({ browser, freshServer, browserErrors, playwright }, info) => {
  test.setTimeout(240_000);
  await addUser(freshServer, owner);
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const extraHTTPHeaders = { Origin: freshServer.url };
  const script = await TrainingScript.create(playwright, freshServer);
  const request = await playwright.request.newContext({ baseURL: freshServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: freshServer.url, storageState });
  browserErrors.watch(context);
  browserErrors.allowMessage(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket|status 50\d/);
  const page = await context.newPage();
  const experiment = await openArtifactsTab(page, new ContentFactory(request));
  const { path, sha256: sum } = writeLargeFile(info, 'gibibyte.bin', 1024);
  const began = Date.now();
  await fileInput(page).setInputFiles(path);
  const upload = uploadRow(page, 'gibibyte.bin');
  await expect.poll(async () => await sentBytes(upload), { timeout: 60_000 }).toBeGreaterThan(150 * MIB);
  await reload(page);
  await expect(upload).toContainText(/Interrupted at \d+ %/);
  await upload.getByLabel('Choose the file of gibibyte.bin').setInputFiles(path);
  await expect.poll(async () => await sentBytes(upload), { timeout: 60_000 }).toBeGreaterThan(450 * MIB);
  await freshServer.kill();
  await freshServer.start();
  await expect(upload).toContainText(STORED, { timeout: 120_000 });
  info.annotations.push({ type: 'seconds', description: `${(Date.now() - began) / 1000}` });
  const [artifact] = await script.listArtifacts(experiment);
  expect(artifact).toMatchObject({ name: 'gibibyte.bin', size: 1024 * MIB, sha256: sum });
  expect(await upload.locator('.dock-words').getAttribute('title')).toBe(`SHA-256 ${sum}`);
  if (artifact !== undefined) expect(await downloadSha256(page, freshServer.url, artifact)).toBe(sum);
  await request.dispose();
  await script.dispose();
});

test('everything by keys', async ({ page, content }, info) => {
  await openArtifactsTab(page, content);
  const chooser = page.waitForEvent('filechooser');
  // From now on the browser leaves choosing to the test; the key must not reach it before it knows.
  await fileInput(page).focus();
  await expect(fileInput(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await limitUploadSpeed(page, 6 * MIB);
  await (await chooser).setFiles(writeLargeFile(info, 'keys.bin', 20).path);
  await expect(uploadRow(page, 'keys.bin')).toContainText(/of 20.0 MiB/);
  const pause = page.getByRole('button', { name: 'Pause keys.bin' });
  for (let presses = 0; presses < 60 && !(await pause.evaluate((button) => button === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(uploadRow(page, 'keys.bin')).toContainText('Paused');
  await page.keyboard.press('Enter');
  await limitUploadSpeed(page, 0);
  await expect(uploadRow(page, 'keys.bin')).toContainText(STORED);
});

test('the dock has no faults that axe finds, nor sticks out of a phone', async ({ page, content }, info) => {
  await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles([writeTestFile(info, 'stored with a name that is much too long for a dock.txt', 'x')]);
  await expect(dock(page)).toContainText('1 file stored');
  await limitUploadSpeed(page, 4 * MIB);
  await fileInput(page).setInputFiles([writeLargeFile(info, 'going.bin', 40).path, writeLargeFile(info, 'paused.bin', 40).path]);
  await page.getByRole('button', { name: 'Pause paused.bin' }).click();
  await fileInput(page).setInputFiles(writeTestFile(info, 'stored with a name that is much too long for a dock.txt', 'y'));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.getByRole('dialog')).toBeVisible();
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
      expect.soft(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
    }
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).include('.dock').analyze();
    expect.soft(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await expect(dock(page)).toBeHidden();
});

test.describe('a viewer', () => {
  test.use({ user: viewer });

  test('finds nothing to upload with', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject());
    await visit(page, `${experiment.path}/artifacts`);
    await expect(page.getByLabel('Upload files')).toHaveCount(0);
    await dropFiles(page, 'h1', { 'a.txt': 'a' });
    await expect(page.locator('.drop-target')).toBeHidden();
    await expect(dock(page)).toBeHidden();
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false, user: admin });

  test('a form uploads', async ({ page, content, script }, info) => {
    const experiment = await content.createExperiment(await content.createProject());
    await page.goto(`${experiment.path}/artifacts`);
    await fileInput(page).setInputFiles([writeTestFile(info, 'a.txt', 'A'), writeTestFile(info, 'b.txt', 'B')]);
    await page.getByRole('button', { name: 'Send the chosen files' }).first().click();
    await expect(page).toHaveURL(new RegExp(`${experiment.path}/artifacts$`));
    await expect(artifactRow(page, 'a.txt')).toBeVisible();
    await fileInput(page).setInputFiles(writeTestFile(info, 'a.txt', 'again'));
    await page.getByRole('checkbox', { name: 'Replace what has the same name' }).first().check();
    await page.getByRole('button', { name: 'Send the chosen files' }).first().click();
    await expect.poll(async () => (await script.listArtifacts(experiment))[0]).toMatchObject({ name: 'a.txt', version: 2 });
  });
});

/** How many bytes a transfer shows as sent. */
async function sentBytes(shown: Locator): Promise<number> {
  return await shown.getByRole('progressbar').evaluate((bar: HTMLProgressElement) => bar.value);
}

/** Whether the browser would ask before the page is left. */
async function leavingPrompts(page: Page): Promise<boolean> {
  return await page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
}
