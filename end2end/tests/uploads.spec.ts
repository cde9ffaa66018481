// Uploads from the page: chosen and dropped files, conflicts, pauses, interruptions and recovery.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import { ContentFactory, type CreatedResource } from '../fixtures/content-factory.ts';
import { downloadSha256, dropFiles, dropPaths, limitUploadSpeed, sha256, writeLargeFile, writeTestFile } from '../fixtures/files.ts';
import { reload, visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { TrainingScript } from '../fixtures/training-script.ts';
import { addUser, admin, owner, signIn, viewer } from '../fixtures/users.ts';

test.use({ user: owner });

const MIB = 1 << 20;
const dock = (page: Page) => page.getByRole('region', { name: 'Uploads' });
const uploadRow = (page: Page, name: string): Locator => page.locator(`[data-upload=${JSON.stringify(name)}]`);
const artifactRow = (page: Page, name: string): Locator => page.locator(`[data-artifact-name=${JSON.stringify(name)}]`).first();
const fileInput = (page: Page) => page.getByLabel('Upload files').first();
const STORED = / · verified/;

async function openArtifactsTab(page: Page, content: ContentFactory): Promise<CreatedResource> {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/artifacts`);
  return experiment;
}

test('uploads several chosen files as artifacts', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await expect(dock(page)).toBeHidden();
  await fileInput(page).setInputFiles([writeTestFile(info, 'a.txt', 'A'), writeTestFile(info, 'empty.bin', ''), writeTestFile(info, 'b ü.txt', 'B')]);
  for (const name of ['a.txt', 'empty.bin', 'b ü.txt']) {
    await expect(uploadRow(page, name)).toContainText(STORED);
    await expect(artifactRow(page, name)).toBeVisible();
  }
  await expect(dock(page)).toContainText('3 files uploaded');
  await expect(page.getByRole('status').filter({ hasText: '3 files uploaded.' })).toBeAttached();
  const artifacts = await script.listArtifacts(experiment);
  expect(artifacts.map(({ name, sha256: sum }) => [name, sum])).toEqual([
    ['a.txt', sha256('A')],
    ['b ü.txt', sha256('B')],
    ['empty.bin', sha256('')],
  ]);
  await page.getByRole('button', { name: 'Clear list' }).click();
  await expect(dock(page)).toBeHidden();
});

test('does not show a starting upload as interrupted', async ({ page, content }, info) => {
  // Forces a race: the page lists unfinished uploads after the server has created the upload, and receives the list before the
  // response to the creation.
  let markCreated = () => {};
  let markListed = () => {};
  const created = new Promise<void>((resolve) => (markCreated = resolve));
  const listed = new Promise<void>((resolve) => (markListed = resolve));
  await page.route('**/fn/uploads/begin', async (route) => {
    const response = await route.fetch();
    markCreated();
    await listed;
    await route.fulfill({ response });
  });
  await page.route(
    '**/fn/uploads?*',
    async (route) => {
      await created;
      await route.continue();
      await (await route.request().response())?.finished();
      markListed();
    },
    { times: 1 },
  );
  await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles([writeTestFile(info, 'a.txt', 'A')]);
  await expect(uploadRow(page, 'a.txt')).toContainText(STORED);
  await expect(uploadRow(page, 'a.txt')).toHaveCount(1);
  await expect(dock(page)).toContainText('1 file uploaded');
});

test('uploads a chosen folder with its paths', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  writeTestFile(info, 'runs/args.yaml', 'epochs: 3');
  writeTestFile(info, 'runs/weights/best.pt', 'weights');
  await page.getByLabel('Upload folder').first().setInputFiles(info.outputPath('runs'));
  await expect(uploadRow(page, 'runs/weights/best.pt')).toContainText(STORED);
  await expect(uploadRow(page, 'runs/args.yaml')).toContainText(STORED);
  const artifacts = await script.listArtifacts(experiment);
  expect(artifacts.map(({ name, filename }) => [name, filename])).toEqual([
    ['runs/args.yaml', 'args.yaml'],
    ['runs/weights/best.pt', 'best.pt'],
  ]);
});

test('accepts files and folders dropped anywhere on the page', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const target = page.locator('.drop-overlay');
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

test('asks how to resolve name conflicts', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const path = writeTestFile(info, 'best.pt', 'first');
  const dialog = page.getByRole('dialog', { name: 'Replace existing artifacts?' });
  await fileInput(page).setInputFiles(path);
  await expect(uploadRow(page, 'best.pt')).toContainText(STORED);
  // The first artifact replaces the empty page's upload buttons with those above the table; wait for them.
  await expect(page.getByRole('row', { name: /best\.pt/ })).toBeVisible();

  writeTestFile(info, 'best.pt', 'second');
  await fileInput(page).setInputFiles(path);
  await expect(dialog).toContainText('An artifact named best.pt already exists.');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(async () => (await script.listArtifacts(experiment))[0]).toMatchObject({ version: 2, sha256: sha256('second') });

  writeTestFile(info, 'best.pt', 'third');
  await fileInput(page).setInputFiles(path);
  await dialog.getByLabel('Keep both').check();
  await expect(dialog.getByRole('textbox', { name: 'New name' })).toHaveValue('best (2).pt');
  await dialog.getByRole('textbox', { name: 'New name' }).fill('best-of-all.pt');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(uploadRow(page, 'best-of-all.pt')).toContainText(STORED);

  await fileInput(page).setInputFiles(path);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const threeFiles = [path, writeTestFile(info, 'best-of-all.pt', 'other'), writeTestFile(info, 'new.txt', 'new')];
  writeTestFile(info, 'best.pt', 'fourth');
  await fileInput(page).setInputFiles(threeFiles);
  await expect(dialog).toContainText('the names of 2 of 3 files already exist');
  await dialog.getByLabel('Decide for each file').check();
  await dialog.getByLabel('Action for best.pt').selectOption('Keep both');
  await dialog.getByLabel('Action for best-of-all.pt').selectOption('Skip');
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

test('replaces an artifact after confirmation when a file is dropped on it', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles(writeTestFile(info, 'model.pt', 'first'));
  await expect(artifactRow(page, 'model.pt')).toBeVisible();
  await dropFiles(page, '[data-artifact-name="model.pt"]', { 'epoch-9.pt': 'second' }, false);
  await expect(page.locator('.drop-overlay')).toContainText('Drop to replace model.pt');
  await dropFiles(page, '[data-artifact-name="model.pt"]', { 'epoch-9.pt': 'second' });
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Replace model.pt with epoch-9.pt?');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(async () => await script.listArtifacts(experiment)).toMatchObject([
    { name: 'model.pt', filename: 'epoch-9.pt', version: 2, sha256: sha256('second') },
  ]);
});

test('replaces an artifact from its menu', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles(writeTestFile(info, 'model.pt', 'first'));
  await page.getByRole('button', { name: 'More actions for model.pt' }).click();
  await page.getByLabel('Replace file…').setInputFiles(writeTestFile(info, 'epoch-9.pt', 'second'));
  await expect.poll(async () => await script.listArtifacts(experiment)).toMatchObject([
    { name: 'model.pt', filename: 'epoch-9.pt', version: 2, sha256: sha256('second') },
  ]);
});

test('pauses, resumes and cancels uploads', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const whole = writeLargeFile(info, 'whole.bin', 20);
  await limitUploadSpeed(page, 6 * MIB);
  await fileInput(page).setInputFiles([whole.path, writeLargeFile(info, 'gone.bin', 20).path]);
  await expect(uploadRow(page, 'whole.bin')).toContainText(/of 20.0 MiB · .* MiB\/s · .* left/);
  expect(await asksBeforeLeaving(page)).toBe(true);
  await page.getByRole('button', { name: 'Pause whole.bin' }).click();
  await expect(uploadRow(page, 'whole.bin')).toContainText(/Paused at \d+ %/);
  const resume = page.getByRole('button', { name: 'Resume whole.bin' });
  await expect(resume).toBeFocused();
  await page.getByRole('button', { name: 'Cancel gone.bin' }).click();
  await expect(uploadRow(page, 'gone.bin')).toHaveCount(0);
  await expect(page.locator('.dock-toggle')).toBeFocused();
  await expect(dock(page)).toContainText('1 upload paused');
  expect(await asksBeforeLeaving(page)).toBe(false);
  await limitUploadSpeed(page, 0);
  await resume.click();
  await expect(uploadRow(page, 'whole.bin')).toContainText(STORED);
  expect(await script.listArtifacts(experiment)).toMatchObject([{ name: 'whole.bin', sha256: whole.sha256 }]);
  await reload(page);
  await expect(artifactRow(page, 'whole.bin')).toBeVisible();
  await expect(dock(page)).toBeHidden();
});

test('continues while other pages are open', async ({ page, content, script }, info) => {
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

test('resumes after a reload, only with the same file', async ({ page, content, script }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const { path, sha256: sum } = writeLargeFile(info, 'half.bin', 24);
  await limitUploadSpeed(page, 8 * MIB);
  await fileInput(page).setInputFiles(path);
  await expect.poll(async () => await sentBytes(uploadRow(page, 'half.bin'))).toBeGreaterThan(9 * MIB);
  await reload(page);
  const interrupted = uploadRow(page, 'half.bin');
  await expect(interrupted).toContainText(/Interrupted at (33|66) %\. Choose the same file to resume\./);
  await interrupted.getByLabel('Choose the file for half.bin').setInputFiles(writeTestFile(info, 'other.bin', 'other'));
  await expect(interrupted).toContainText("other.bin isn't the same file");
  // The same file is recognized when it is chosen as a new upload.
  await fileInput(page).setInputFiles(path);
  await expect(interrupted).toContainText(STORED);
  expect(await script.listArtifacts(experiment)).toMatchObject([{ name: 'half.bin', sha256: sum }]);
});

test('cancels an interrupted upload', async ({ page, content }, info) => {
  const experiment = await openArtifactsTab(page, content);
  await limitUploadSpeed(page, 8 * MIB);
  await fileInput(page).setInputFiles(writeLargeFile(info, 'half.bin', 24).path);
  await expect.poll(async () => await sentBytes(uploadRow(page, 'half.bin'))).toBeGreaterThan(9 * MIB);
  await reload(page);
  await page.getByRole('button', { name: 'Cancel half.bin' }).click();
  await expect(dock(page)).toBeHidden();
  await expect.poll(async () => (await page.request.get(`/fn/uploads?experiment=${experiment.id}`)).text()).toBe('[]');
});

test('does not interrupt an upload of another tab', async ({ page, content, context }, info) => {
  const experiment = await openArtifactsTab(page, content);
  const { path } = writeLargeFile(info, 'shared.bin', 24);
  await limitUploadSpeed(page, 4 * MIB);
  await fileInput(page).setInputFiles(path);
  await expect.poll(async () => await sentBytes(uploadRow(page, 'shared.bin'))).toBeGreaterThan(MIB);
  const other = await context.newPage();
  await visit(other, `${experiment.path}/artifacts`);
  await fileInput(other).setInputFiles(path);
  await expect(uploadRow(other, 'shared.bin')).toContainText('Another tab or window of this browser is already uploading this file.');
  await other.getByRole('button', { name: 'Cancel shared.bin' }).click();
  await limitUploadSpeed(page, 0);
  await expect(uploadRow(page, 'shared.bin')).toContainText(STORED);
  await expect(artifactRow(other, 'shared.bin')).toBeVisible();
  await expect(dock(other)).toBeHidden();
});

test('resumes after the server was killed', async ({ browser, freshServer, browserErrors, playwright }, info) => {
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
  const upload = uploadRow(page, 'long.bin');
  await expect.poll(async () => await sentBytes(upload), { timeout: 20_000 }).toBeGreaterThan(8 * MIB);
  await freshServer.kill();
  await expect(upload).toContainText('waiting for the server…');
  await expect(dock(page)).toContainText('Waiting for the server…');
  await freshServer.start();
  await page.getByRole('button', { name: 'Retry long.bin' }).click();
  await limitUploadSpeed(page, 0);
  await expect(upload).toContainText(STORED, { timeout: 30_000 });
  expect(await script.listArtifacts(experiment)).toMatchObject([{ sha256: sum }]);
  await request.dispose();
  await script.dispose();
});

test('sends nothing when the storage limit is exceeded', async ({ browser, freshServer, browserErrors, playwright }, info) => {
  await addUser(freshServer, owner);
  freshServer.settings['GROUNDGLASS_STORAGE_LIMIT'] = '1MiB';
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const extraHTTPHeaders = { Origin: freshServer.url };
  const request = await playwright.request.newContext({ baseURL: freshServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: freshServer.url, storageState });
  browserErrors.watch(context);
  browserErrors.expectStatus(507);
  const page = await context.newPage();
  await openArtifactsTab(page, new ContentFactory(request));
  let putRequests = 0;
  page.on('request', (request) => (putRequests += request.method() === 'PUT' ? 1 : 0));
  await fileInput(page).setInputFiles(writeLargeFile(info, 'big.bin', 8).path);
  await expect(uploadRow(page, 'big.bin')).toContainText(/room|space|limit/i);
  await expect(page.getByRole('button', { name: 'Retry big.bin' })).toBeVisible();
  expect(putRequests).toBe(0);
  await request.dispose();
});

test('uploads a gibibyte despite a reload and a kill of the server', async ({ browser, freshServer, browserErrors, playwright }, info) => {
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
  const startedAt = Date.now();
  await fileInput(page).setInputFiles(path);
  const upload = uploadRow(page, 'gibibyte.bin');
  await expect.poll(async () => await sentBytes(upload), { timeout: 60_000 }).toBeGreaterThan(150 * MIB);
  await reload(page);
  await expect(upload).toContainText(/Interrupted at \d+ %/);
  await upload.getByLabel('Choose the file for gibibyte.bin').setInputFiles(path);
  await expect.poll(async () => await sentBytes(upload), { timeout: 60_000 }).toBeGreaterThan(450 * MIB);
  await freshServer.kill();
  await freshServer.start();
  await expect(upload).toContainText(STORED, { timeout: 120_000 });
  info.annotations.push({ type: 'seconds', description: `${(Date.now() - startedAt) / 1000}` });
  const [artifact] = await script.listArtifacts(experiment);
  expect(artifact).toMatchObject({ name: 'gibibyte.bin', size: 1024 * MIB, sha256: sum });
  expect(await upload.locator('.dock-status').getAttribute('title')).toBe(`SHA-256 ${sum}`);
  if (artifact !== undefined) expect(await downloadSha256(page, freshServer.url, artifact)).toBe(sum);
  await request.dispose();
  await script.dispose();
});

test('works with the keyboard', async ({ page, content }, info) => {
  await openArtifactsTab(page, content);
  const chooser = page.waitForEvent('filechooser');
  // Playwright intercepts file choosers from `waitForEvent` on. Focusing first makes sure that it does before the key is pressed.
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

test('the dock has no axe violations and does not overflow on a phone', async ({ page, content }, info) => {
  await openArtifactsTab(page, content);
  await fileInput(page).setInputFiles([writeTestFile(info, 'stored with a name that is much too long for a dock.txt', 'x')]);
  await expect(dock(page)).toContainText('1 file uploaded');
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

  test('sees no way to upload', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject());
    await visit(page, `${experiment.path}/artifacts`);
    await expect(page.getByLabel('Upload files')).toHaveCount(0);
    await dropFiles(page, 'h1', { 'a.txt': 'a' });
    await expect(page.locator('.drop-overlay')).toBeHidden();
    await expect(dock(page)).toBeHidden();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, user: admin });

  test('uploads with a form', async ({ page, content, script }, info) => {
    const experiment = await content.createExperiment(await content.createProject());
    await page.goto(`${experiment.path}/artifacts`);
    await fileInput(page).setInputFiles([writeTestFile(info, 'a.txt', 'A'), writeTestFile(info, 'b.txt', 'B')]);
    await page.getByRole('button', { name: 'Upload selected files' }).first().click();
    await expect(page).toHaveURL(new RegExp(`${experiment.path}/artifacts$`));
    await expect(artifactRow(page, 'a.txt')).toBeVisible();
    await fileInput(page).setInputFiles(writeTestFile(info, 'a.txt', 'again'));
    await page.getByRole('checkbox', { name: 'Replace artifacts with the same name' }).first().check();
    await page.getByRole('button', { name: 'Upload selected files' }).first().click();
    await expect.poll(async () => (await script.listArtifacts(experiment))[0]).toMatchObject({ name: 'a.txt', version: 2 });
  });
});

/** Returns the number of bytes that an upload shows as sent. */
async function sentBytes(upload: Locator): Promise<number> {
  return await upload.getByRole('progressbar').evaluate((bar: HTMLProgressElement) => bar.value);
}

/** Returns whether the browser would ask for confirmation before leaving the page. */
async function asksBeforeLeaving(page: Page): Promise<boolean> {
  return await page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
}
