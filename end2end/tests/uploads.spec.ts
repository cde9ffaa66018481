// Uploads from the page: chosen, dropped, interrupted by anything, and whole in the end.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import { Content, type Made } from '../fixtures/content.ts';
import { downloaded, drop, dropReal, file, large, sha256, slow } from '../fixtures/files.ts';
import { reload, visit } from '../fixtures/hydrated.ts';
import { admin, introduce, owner, signIn, viewer } from '../fixtures/people.ts';
import { Script } from '../fixtures/script.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ as: owner });

const MIB = 1 << 20;
const dock = (page: Page) => page.getByRole('region', { name: 'Uploads' });
const transfer = (page: Page, name: string): Locator => page.locator(`[data-upload=${JSON.stringify(name)}]`);
const row = (page: Page, name: string): Locator => page.locator(`[data-artifact-name=${JSON.stringify(name)}]`).first();
const files = (page: Page) => page.getByLabel('Upload files').first();
const done = /stored, checksums are equal/;

async function open(page: Page, content: Content): Promise<Made> {
  const experiment = await content.experiment(await content.project());
  await visit(page, `${experiment.path}/artifacts`);
  return experiment;
}

test('several chosen files become artifacts', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  await expect(dock(page)).toBeHidden();
  await files(page).setInputFiles([file(info, 'a.txt', 'A'), file(info, 'empty.bin', ''), file(info, 'b ü.txt', 'B')]);
  for (const name of ['a.txt', 'empty.bin', 'b ü.txt']) {
    await expect(transfer(page, name)).toContainText(done);
    await expect(row(page, name)).toBeVisible();
  }
  await expect(dock(page)).toContainText('3 files stored');
  await expect(page.getByRole('status').filter({ hasText: 'All is stored: 3 files.' })).toBeAttached();
  const all = await script.artifacts(experiment);
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
  await open(page, content);
  await files(page).setInputFiles([file(info, 'a.txt', 'A')]);
  await expect(transfer(page, 'a.txt')).toContainText(done);
  await expect(transfer(page, 'a.txt')).toHaveCount(1);
  await expect(dock(page)).toContainText('1 file stored');
});

test('a chosen folder keeps its paths', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  file(info, 'runs/args.yaml', 'epochs: 3');
  file(info, 'runs/weights/best.pt', 'weights');
  await page.getByLabel('Upload a folder').first().setInputFiles(info.outputPath('runs'));
  await expect(transfer(page, 'runs/weights/best.pt')).toContainText(done);
  await expect(transfer(page, 'runs/args.yaml')).toContainText(done);
  const all = await script.artifacts(experiment);
  expect(all.map(({ name, filename }) => [name, filename])).toEqual([
    ['runs/args.yaml', 'args.yaml'],
    ['runs/weights/best.pt', 'best.pt'],
  ]);
});

test('files and folders are dropped anywhere', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  const target = page.locator('.drop-target');
  await expect(target).toBeHidden();
  await drop(page, 'h1', { 'over.txt': '' }, false);
  await expect(target).toBeVisible();
  await drop(page, 'h1', { 'one.txt': '1', 'two.txt': '2' });
  await expect(target).toBeHidden();
  await expect(transfer(page, 'one.txt')).toContainText(done);
  await expect(transfer(page, 'two.txt')).toContainText(done);

  file(info, 'out/deep/er/x.txt', 'x');
  file(info, 'out/y.txt', 'y');
  await dropReal(page, 640, 400, [info.outputPath('out'), file(info, 'real.txt', 'real')]);
  for (const name of ['out/deep/er/x.txt', 'out/y.txt', 'real.txt']) await expect(transfer(page, name)).toContainText(done);
  expect((await script.artifacts(experiment)).map(({ name }) => name)).toEqual([
    'one.txt',
    'out/deep/er/x.txt',
    'out/y.txt',
    'real.txt',
    'two.txt',
  ]);
});

test('about a taken name the reader is asked', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  const path = file(info, 'best.pt', 'first');
  const dialog = page.getByRole('dialog', { name: 'Replace what is there?' });
  await files(page).setInputFiles(path);
  await expect(transfer(page, 'best.pt')).toContainText(done);
  // With the first artifact, the buttons of the empty page give way to those above the table.
  await expect(page.getByRole('row', { name: /best\.pt/ })).toBeVisible();

  file(info, 'best.pt', 'second');
  await files(page).setInputFiles(path);
  await expect(dialog).toContainText('An artifact best.pt is here already.');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(async () => (await script.artifacts(experiment))[0]).toMatchObject({ version: 2, sha256: sha256('second') });

  file(info, 'best.pt', 'third');
  await files(page).setInputFiles(path);
  await dialog.getByLabel('Take another name').check();
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('best (2).pt');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('best-of-all.pt');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(transfer(page, 'best-of-all.pt')).toContainText(done);

  await files(page).setInputFiles(path);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const three = [path, file(info, 'best-of-all.pt', 'other'), file(info, 'new.txt', 'new')];
  file(info, 'best.pt', 'fourth');
  await files(page).setInputFiles(three);
  await expect(dialog).toContainText('the names of 2 of 3 files are here already');
  await dialog.getByLabel('Decide for each file').check();
  await dialog.getByLabel('What becomes of best.pt').selectOption('Other name');
  await dialog.getByLabel('What becomes of best-of-all.pt').selectOption('Leave out');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(transfer(page, 'best (2).pt')).toContainText(done);
  await expect(transfer(page, 'new.txt')).toContainText(done);
  expect((await script.artifacts(experiment)).map(({ name, version, sha256: sum }) => [name, version, sum])).toEqual([
    ['best (2).pt', 1, sha256('fourth')],
    ['best-of-all.pt', 1, sha256('third')],
    ['best.pt', 2, sha256('second')],
    ['new.txt', 1, sha256('new')],
  ]);
});

test('a file dropped on an artifact takes the place of its content, after asking', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  await files(page).setInputFiles(file(info, 'model.pt', 'first'));
  await expect(row(page, 'model.pt')).toBeVisible();
  await drop(page, '[data-artifact-name="model.pt"]', { 'epoch-9.pt': 'second' }, false);
  await expect(page.locator('.drop-target')).toContainText('Drop to replace the content of model.pt');
  await drop(page, '[data-artifact-name="model.pt"]', { 'epoch-9.pt': 'second' });
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Shall epoch-9.pt take the place of what model.pt holds now?');
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect.poll(async () => await script.artifacts(experiment)).toMatchObject([
    { name: 'model.pt', filename: 'epoch-9.pt', version: 2, sha256: sha256('second') },
  ]);
});

test('the menu of an artifact replaces its file', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  await files(page).setInputFiles(file(info, 'model.pt', 'first'));
  await page.getByRole('button', { name: 'More about model.pt' }).click();
  await page.getByLabel('Replace the file…').setInputFiles(file(info, 'epoch-9.pt', 'second'));
  await expect.poll(async () => await script.artifacts(experiment)).toMatchObject([
    { name: 'model.pt', filename: 'epoch-9.pt', version: 2, sha256: sha256('second') },
  ]);
});

test('paused, resumed, and canceled', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  const whole = large(info, 'whole.bin', 20);
  await slow(page, 6 * MIB);
  await files(page).setInputFiles([whole.path, large(info, 'gone.bin', 20).path]);
  await expect(transfer(page, 'whole.bin')).toContainText(/of 20.0 MiB · .* MiB\/s · .* left/);
  expect(await leavingAsks(page)).toBe(true);
  await page.getByRole('button', { name: 'Pause whole.bin' }).click();
  await expect(transfer(page, 'whole.bin')).toContainText(/Paused at \d+ %/);
  const pause = page.getByRole('button', { name: 'Resume whole.bin' });
  await expect(pause).toBeFocused();
  await page.getByRole('button', { name: 'Cancel gone.bin' }).click();
  await expect(transfer(page, 'gone.bin')).toHaveCount(0);
  await expect(page.locator('.dock-toggle')).toBeFocused();
  await expect(dock(page)).toContainText('1 upload paused');
  expect(await leavingAsks(page)).toBe(false);
  await slow(page, 0);
  await pause.click();
  await expect(transfer(page, 'whole.bin')).toContainText(done);
  expect(await script.artifacts(experiment)).toMatchObject([{ name: 'whole.bin', sha256: whole.sha256 }]);
  await reload(page);
  await expect(row(page, 'whole.bin')).toBeVisible();
  await expect(dock(page)).toBeHidden();
});

test('an upload goes on while other pages are looked at', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  const { path, sha256: sum } = large(info, 'long.bin', 16);
  await slow(page, 4 * MIB);
  await files(page).setInputFiles(path);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page).toHaveURL(/settings$/);
  await expect(transfer(page, 'long.bin')).toContainText(/of 16.0 MiB/);
  await page.getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeVisible();
  await slow(page, 0);
  await expect(transfer(page, 'long.bin')).toContainText(done);
  expect(await script.artifacts(experiment)).toMatchObject([{ sha256: sum }]);
});

test('after a reload it goes on with the same file, and with no other', async ({ page, content, script }, info) => {
  const experiment = await open(page, content);
  const { path, sha256: sum } = large(info, 'half.bin', 24);
  await slow(page, 8 * MIB);
  await files(page).setInputFiles(path);
  await expect.poll(async () => await sent(transfer(page, 'half.bin'))).toBeGreaterThan(9 * MIB);
  await reload(page);
  const half = transfer(page, 'half.bin');
  await expect(half).toContainText(/Interrupted at (33|66) %: choose the same file to go on/);
  await half.getByLabel('Choose the file of half.bin').setInputFiles(file(info, 'other.bin', 'other'));
  await expect(half).toContainText('other.bin is another file');
  // Chosen as if it were new, it is recognized.
  await files(page).setInputFiles(path);
  await expect(half).toContainText(done);
  expect(await script.artifacts(experiment)).toMatchObject([{ name: 'half.bin', sha256: sum }]);
});

test('an interrupted upload can be thrown away', async ({ page, content }, info) => {
  const experiment = await open(page, content);
  await slow(page, 8 * MIB);
  await files(page).setInputFiles(large(info, 'half.bin', 24).path);
  await expect.poll(async () => await sent(transfer(page, 'half.bin'))).toBeGreaterThan(9 * MIB);
  await reload(page);
  await page.getByRole('button', { name: 'Cancel half.bin' }).click();
  await expect(dock(page)).toBeHidden();
  await expect.poll(async () => (await page.request.get(`/fn/uploads?experiment=${experiment.id}`)).text()).toBe('[]');
});

test('what another tab sends is not interrupted', async ({ page, content, context }, info) => {
  const experiment = await open(page, content);
  const { path } = large(info, 'shared.bin', 24);
  await slow(page, 4 * MIB);
  await files(page).setInputFiles(path);
  await expect.poll(async () => await sent(transfer(page, 'shared.bin'))).toBeGreaterThan(MIB);
  const other = await context.newPage();
  await visit(other, `${experiment.path}/artifacts`);
  await files(other).setInputFiles(path);
  await expect(transfer(other, 'shared.bin')).toContainText('on its way from another tab');
  await other.getByRole('button', { name: 'Cancel shared.bin' }).click();
  await slow(page, 0);
  await expect(transfer(page, 'shared.bin')).toContainText(done);
  await expect(row(other, 'shared.bin')).toBeVisible();
  await expect(dock(other)).toBeHidden();
});

test('the server is gone for a while', async ({ browser, bareServer, complaints, playwright }, info) => {
  test.setTimeout(60_000);
  await introduce(bareServer, owner);
  await bareServer.start();
  const storageState = await signIn(browser, bareServer, owner);
  const extraHTTPHeaders = { Origin: bareServer.url };
  const script = await Script.start(playwright, bareServer);
  const request = await playwright.request.newContext({ baseURL: bareServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: bareServer.url, storageState });
  complaints.watch(context);
  complaints.perhaps(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket|status 50\d/);
  const page = await context.newPage();
  const experiment = await open(page, new Content(request));
  const { path, sha256: sum } = large(info, 'long.bin', 64);
  await slow(page, 16 * MIB);
  await files(page).setInputFiles(path);
  const long = transfer(page, 'long.bin');
  await expect.poll(async () => await sent(long), { timeout: 20_000 }).toBeGreaterThan(8 * MIB);
  await bareServer.kill();
  await expect(long).toContainText('waiting for the server…');
  await expect(dock(page)).toContainText('Waiting for the server…');
  await bareServer.start();
  await page.getByRole('button', { name: 'Try now: long.bin' }).click();
  await slow(page, 0);
  await expect(long).toContainText(done, { timeout: 30_000 });
  expect(await script.artifacts(experiment)).toMatchObject([{ sha256: sum }]);
  await request.dispose();
  await script.end();
});

test('without room nothing is sent', async ({ browser, bareServer, complaints, playwright }, info) => {
  await introduce(bareServer, owner);
  bareServer.settings['GROUNDGLASS_STORAGE_LIMIT'] = '1MiB';
  await bareServer.start();
  const storageState = await signIn(browser, bareServer, owner);
  const extraHTTPHeaders = { Origin: bareServer.url };
  const request = await playwright.request.newContext({ baseURL: bareServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: bareServer.url, storageState });
  complaints.watch(context);
  complaints.status(422);
  const page = await context.newPage();
  await open(page, new Content(request));
  let parts = 0;
  page.on('request', (sent) => (parts += sent.method() === 'PUT' ? 1 : 0));
  await files(page).setInputFiles(large(info, 'big.bin', 8).path);
  await expect(transfer(page, 'big.bin')).toContainText(/room|space|limit/i);
  await expect(page.getByRole('button', { name: 'Retry big.bin' })).toBeVisible();
  expect(parts).toBe(0);
  await request.dispose();
});

test('a gibibyte survives a reload and a kill of the server', async ({ browser, bareServer, complaints, playwright }, info) => {
  test.setTimeout(240_000);
  await introduce(bareServer, owner);
  await bareServer.start();
  const storageState = await signIn(browser, bareServer, owner);
  const extraHTTPHeaders = { Origin: bareServer.url };
  const script = await Script.start(playwright, bareServer);
  const request = await playwright.request.newContext({ baseURL: bareServer.url, storageState, extraHTTPHeaders });
  const context = await browser.newContext({ baseURL: bareServer.url, storageState });
  complaints.watch(context);
  complaints.perhaps(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket|status 50\d/);
  const page = await context.newPage();
  const experiment = await open(page, new Content(request));
  const { path, sha256: sum } = large(info, 'gibibyte.bin', 1024);
  const began = Date.now();
  await files(page).setInputFiles(path);
  const upload = transfer(page, 'gibibyte.bin');
  await expect.poll(async () => await sent(upload), { timeout: 60_000 }).toBeGreaterThan(150 * MIB);
  await reload(page);
  await expect(upload).toContainText(/Interrupted at \d+ %/);
  await upload.getByLabel('Choose the file of gibibyte.bin').setInputFiles(path);
  await expect.poll(async () => await sent(upload), { timeout: 60_000 }).toBeGreaterThan(450 * MIB);
  await bareServer.kill();
  await bareServer.start();
  await expect(upload).toContainText(done, { timeout: 120_000 });
  info.annotations.push({ type: 'seconds', description: `${(Date.now() - began) / 1000}` });
  const [artifact] = await script.artifacts(experiment);
  expect(artifact).toMatchObject({ name: 'gibibyte.bin', size: 1024 * MIB, sha256: sum });
  expect(await upload.locator('.dock-words').getAttribute('title')).toBe(`SHA-256 ${sum}`);
  if (artifact !== undefined) expect(await downloaded(page, bareServer.url, artifact)).toBe(sum);
  await request.dispose();
  await script.end();
});

test('everything by keys', async ({ page, content }, info) => {
  await open(page, content);
  const chooser = page.waitForEvent('filechooser');
  // From now on the browser leaves choosing to the test; the key must not reach it before it knows.
  await files(page).focus();
  await expect(files(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await slow(page, 6 * MIB);
  await (await chooser).setFiles(large(info, 'keys.bin', 20).path);
  await expect(transfer(page, 'keys.bin')).toContainText(/of 20.0 MiB/);
  const pause = page.getByRole('button', { name: 'Pause keys.bin' });
  for (let presses = 0; presses < 60 && !(await pause.evaluate((button) => button === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(transfer(page, 'keys.bin')).toContainText('Paused');
  await page.keyboard.press('Enter');
  await slow(page, 0);
  await expect(transfer(page, 'keys.bin')).toContainText(done);
});

test('the dock has no faults that axe finds, nor sticks out of a phone', async ({ page, content }, info) => {
  await open(page, content);
  await files(page).setInputFiles([file(info, 'stored with a name that is much too long for a dock.txt', 'x')]);
  await expect(dock(page)).toContainText('1 file stored');
  await slow(page, 4 * MIB);
  await files(page).setInputFiles([large(info, 'going.bin', 40).path, large(info, 'paused.bin', 40).path]);
  await page.getByRole('button', { name: 'Pause paused.bin' }).click();
  await files(page).setInputFiles(file(info, 'stored with a name that is much too long for a dock.txt', 'y'));
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
  test.use({ as: viewer });

  test('finds nothing to upload with', async ({ page, content }) => {
    const experiment = await content.experiment(await content.project());
    await visit(page, `${experiment.path}/artifacts`);
    await expect(page.getByLabel('Upload files')).toHaveCount(0);
    await drop(page, 'h1', { 'a.txt': 'a' });
    await expect(page.locator('.drop-target')).toBeHidden();
    await expect(dock(page)).toBeHidden();
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false, as: admin });

  test('a form uploads', async ({ page, content, script }, info) => {
    const experiment = await content.experiment(await content.project());
    await page.goto(`${experiment.path}/artifacts`);
    await files(page).setInputFiles([file(info, 'a.txt', 'A'), file(info, 'b.txt', 'B')]);
    await page.getByRole('button', { name: 'Send the chosen files' }).first().click();
    await expect(page).toHaveURL(new RegExp(`${experiment.path}/artifacts$`));
    await expect(row(page, 'a.txt')).toBeVisible();
    await files(page).setInputFiles(file(info, 'a.txt', 'again'));
    await page.getByRole('checkbox', { name: 'Replace what has the same name' }).first().check();
    await page.getByRole('button', { name: 'Send the chosen files' }).first().click();
    await expect.poll(async () => (await script.artifacts(experiment))[0]).toMatchObject({ name: 'a.txt', version: 2 });
  });
});

/** How many bytes a transfer shows as sent. */
async function sent(shown: Locator): Promise<number> {
  return await shown.getByRole('progressbar').evaluate((bar: HTMLProgressElement) => bar.value);
}

/** Whether the browser would ask before the page is left. */
async function leavingAsks(page: Page): Promise<boolean> {
  return await page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
}
