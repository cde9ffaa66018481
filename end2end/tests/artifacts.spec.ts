// The Artifacts tab: table, previews, versions, renaming, deletion and downloads.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import type { APIRequestContext, Locator, Page } from '@playwright/test';

import { SAMPLE_FILES, uploadArtifacts } from '../fixtures/artifacts.ts';
import { expectNoViolationsInBothThemes } from '../fixtures/axe.ts';
import type { ContentFactory, CreatedResource } from '../fixtures/content-factory.ts';
import { reload, visit } from '../fixtures/navigation.ts';
import { expectNoHorizontalOverflow } from '../fixtures/overflow.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner, viewer } from '../fixtures/users.ts';

test.use({ user: owner });

const artifactRows = (page: Page): Locator => page.locator('tr.artifact');
const artifactRow = (page: Page, name: string): Locator => page.locator(`tr[data-artifact-name=${JSON.stringify(name)}]`);
const panel = (page: Page): Locator => page.locator('dialog#panel');
const nameLinks = (page: Page): Locator => page.locator('.artifact-name > a:first-child');
const artifactNames = async (page: Page) => await nameLinks(page).allTextContents();

async function createExperimentWithFiles(content: ContentFactory, request: APIRequestContext, files = SAMPLE_FILES): Promise<CreatedResource> {
  const experiment = await content.createExperiment(await content.createProject());
  await uploadArtifacts(request, experiment, files);
  return experiment;
}

/** Clicks an item in an artifact's menu. */
async function chooseFromArtifactMenu(page: Page, name: string, item: string): Promise<void> {
  await artifactRow(page, name).getByRole('button', { name: `More actions for ${name}` }).click();
  await artifactRow(page, name).locator('.menu').getByText(item, { exact: true }).click();
}

test('an experiment without artifacts shows how to store one', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/artifacts`);
  await expect(page.getByRole('heading', { name: 'No artifacts yet' })).toBeVisible();
  const code = page.getByRole('region', { name: 'Python' });
  await expect(code).toContainText(`get_experiment_by_id("${experiment.id}")`);
  await expect(code).toContainText('experiment.store("model-latest", "best.pt")');
  await expect(code).toContainText(new URL(page.url()).origin);
});

test('a viewer does not see how to store artifacts', async ({ content, openPage }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const page = await openPage(viewer);
  await visit(page, `${experiment.path}/artifacts`);
  await expect(page.getByRole('heading', { name: 'No artifacts yet' })).toBeVisible();
  await expect(page.getByText('stored for this experiment appear here')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Python' })).toHaveCount(0);
});

test('the table shows name, size, type, user, source, checksum and time', async ({ page, content, requestAs }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner));
  await visit(page, `${experiment.path}/artifacts`);
  await expect(artifactRows(page)).toHaveCount(12);
  await expect(page.locator('.artifacts-total')).toHaveText(/^12 files, 3\.\d MiB$/);
  const weights = artifactRow(page, 'best.pt');
  for (const text of ['best.pt', '2.9 MiB', 'weights', 'Ana Owner', 'upload']) await expect(weights).toContainText(text);
  await expect(weights.locator('code')).toHaveText(/^[0-9a-f]{8}$/);
  await expect(weights.locator('code')).toHaveAttribute('title', /^SHA-256: [0-9a-f]{64}$/);
  await expect(weights.locator('time')).toHaveAttribute('title', /UTC$/);
  // Newest first.
  expect((await artifactNames(page))[0]).toBe('page.html');
});

test('keeps the sort order and the search in the URL', async ({ page, content, requestAs }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner));
  await visit(page, `${experiment.path}/artifacts`);
  const head = (name: string) => page.getByRole('columnheader', { name });
  await expect(head('Stored')).toHaveAttribute('aria-sort', 'descending');
  await head('Size').getByRole('link').click();
  await expect(head('Size')).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(async () => (await artifactNames(page))[0]).toBe('best.pt');
  await head('Name').getByRole('link').click();
  await expect.poll(async () => await artifactNames(page)).toEqual(Object.keys(SAMPLE_FILES));
  await expect(page).toHaveURL(/\?sort=name$/);

  await page.keyboard.press('/');
  await expect(page.getByLabel('Search artifacts')).toBeFocused();
  await page.keyboard.type('JSON');
  await expect(artifactRows(page)).toHaveCount(2);
  await expect(page.locator('.artifacts-total')).toHaveText(/^2 of 12 files/);
  await expect(page).toHaveURL(/\?q=JSON&sort=name$/);
  await reload(page);
  await expect(page.getByLabel('Search artifacts')).toHaveValue('JSON');
  expect(await artifactNames(page)).toEqual(['broken.json', 'coco.json']);
  await page.getByLabel('Search artifacts').fill('100% nothing');
  await expect(page.getByText('No artifacts match “100% nothing”.')).toBeVisible();
});

test('previews files of every kind and runs no code in them', async ({ page, content, requestAs }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner));
  await visit(page, `${experiment.path}/artifacts?sort=name`);
  const expectedText: Record<string, string | RegExp> = {
    'args.yaml': 'image_size: 640',
    'broken.json': "This isn't valid JSON",
    'coco.json': '"id": 12345678901234567890123,',
    'drawing.svg': '<svg xmlns=',
    'long.log': /Showing the first 256 KiB of 70\d KiB\./,
    'lying.png': "This file has an image extension but isn't a valid image.",
    'lying.txt': 'This file has a text extension but contains binary data.',
    'metrics.csv': 'Showing the first 200 of 300 rows.',
    'notes.md': 'Larger input. <script>',
    'page.html': '<h1>Report</h1>',
    'best.pt': 'No preview for this file type.',
  };
  for (const [name, text] of Object.entries(expectedText)) {
    await artifactRow(page, name).getByRole('link', { name, exact: true }).click();
    await expect(panel(page), name).toBeVisible();
    await expect(panel(page), name).toContainText(text);
    await expect(page).toHaveURL(/preview=/);
    await page.keyboard.press('Escape');
    await expect(panel(page)).toBeHidden();
    await expect(page).not.toHaveURL(/preview=/);
  }
  await artifactRow(page, 'confusion.png').getByRole('link', { name: 'confusion.png', exact: true }).click();
  const image = panel(page).getByRole('img');
  await expect.poll(async () => await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(160);
  await expect(image).toHaveAttribute('alt', 'confusion.png');
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});

test('renders CSV as a table and Markdown as formatted text', async ({ page, content, requestAs }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner));
  await visit(page, `${experiment.path}/artifacts?sort=name`);
  await artifactRow(page, 'metrics.csv').getByRole('link', { name: 'metrics.csv' }).click();
  await expect(panel(page).getByRole('columnheader', { name: 'loss, box' })).toBeVisible();
  await expect(panel(page).locator('.file-table tbody tr')).toHaveCount(200);
  await page.keyboard.press(']');
  await expect(panel(page).locator('.prose em')).toHaveText('input');
});

test('the arrow keys step through the previews, and each has its URL', async ({ page, content, requestAs }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), { 'a.txt': 'first', 'b.pt': 'weights', 'c.txt': 'second' });
  await visit(page, `${experiment.path}/artifacts?sort=name`);
  await artifactRow(page, 'a.txt').getByRole('link', { name: 'a.txt' }).click();
  await expect(panel(page)).toContainText('first');
  await page.keyboard.press('ArrowRight');
  await expect(panel(page).getByRole('heading')).toHaveText('c.txt');
  await expect(panel(page)).toContainText('second');
  await page.keyboard.press('ArrowRight');
  await expect(panel(page)).toContainText('first');
  await page.keyboard.press('ArrowLeft');
  await expect(panel(page)).toContainText('second');
  await reload(page);
  await expect(panel(page)).toContainText('second');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(page).toHaveURL(/artifacts\?sort=name$/);
});

test('renames an artifact unless the name is taken', async ({ page, content, requestAs, browserErrors }) => {
  browserErrors.expectStatus(409);
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), { 'a.txt': '1', 'b.txt': '2' });
  await visit(page, `${experiment.path}/artifacts`);
  await chooseFromArtifactMenu(page, 'a.txt', 'Rename');
  const field = panel(page).getByLabel('Name');
  await expect(field).toBeFocused();
  await field.fill('b.txt');
  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('alert')).toContainText('b.txt');
  const unusualName = '../../<i>model</i> "latest" & é%20';
  await field.fill(unusualName);
  await page.keyboard.press('Enter');
  await expect(panel(page)).toBeHidden();
  await expect(page.getByRole('link', { name: unusualName, exact: true })).toBeVisible();
  await expect(artifactRows(page).filter({ hasText: 'model' }).locator('.artifact-file')).toHaveText('a.txt');
});

test('restores and deletes versions', async ({ page, content, requestAs }) => {
  const request = await requestAs(owner);
  const experiment = await createExperimentWithFiles(content, request, { 'a.txt': 'first' });
  await uploadArtifacts(request, experiment, { 'a.txt': 'second, longer' });
  await uploadArtifacts(request, experiment, { 'a.txt': 'third' });
  await visit(page, `${experiment.path}/artifacts`);
  await artifactRow(page, 'a.txt').getByRole('link', { name: '3 versions' }).click();
  const version = (number: number) => panel(page).locator('.version').filter({ hasText: `Version ${number}` });
  await expect(version(3)).toContainText('current');
  await version(1).getByRole('button', { name: 'Make current' }).click();
  await expect(page.getByText('Version 1 is now current.')).toBeVisible();
  await expect(version(1)).toContainText('current');
  await version(2).getByRole('button', { name: 'Delete version 2' }).first().click();
  await expect(version(2).locator('.confirm-popover')).toContainText("This can't be undone.");
  await version(2).locator('.confirm-popover button').click();
  await expect(page.getByText('Deleted 1 file and freed 14 bytes.')).toBeVisible();
  await expect(panel(page).locator('.version')).toHaveCount(2);
  await version(1).getByRole('link', { name: 'a.txt' }).click();
  await expect(panel(page)).toContainText('first');
  await page.keyboard.press('Escape');

  await chooseFromArtifactMenu(page, 'a.txt', 'Versions');
  await panel(page).getByRole('button', { name: 'Delete all other versions' }).first().click();
  await panel(page).locator('#confirm-earlier button').click();
  await expect(panel(page).locator('.version')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(artifactRow(page, 'a.txt').locator('.chip')).toHaveCount(0);
});

test('shows how much storage a deletion frees', async ({ page, content, requestAs }) => {
  const files = { 'a.bin': Buffer.alloc(2048, 'x1'), 'b.bin': Buffer.alloc(2048, 'x1'), 'c.bin': Buffer.alloc(1024, 'y2'), 'd.bin': 'd' };
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), files);
  await visit(page, `${experiment.path}/artifacts`);
  await artifactRow(page, 'a.bin').getByRole('checkbox').check();
  await artifactRow(page, 'c.bin').getByRole('checkbox').check();
  const selection = page.getByRole('form', { name: 'Selected artifacts' });
  await expect(selection).toContainText('2 files selected, 3.0 KiB');
  await selection.getByRole('button', { name: 'Delete' }).click();
  await expect(panel(page)).toContainText('Deletes 2 files (3.0 KiB) and frees 1.0 KiB; identical files are stored once.');
  await panel(page).getByRole('link', { name: 'Cancel' }).click();
  await expect(panel(page)).toBeHidden();
  await expect(artifactRow(page, 'a.bin').getByRole('checkbox')).toBeChecked();
  await selection.getByRole('button', { name: 'Delete' }).click();
  await panel(page).getByRole('button', { name: 'Delete 2 artifacts' }).click();
  await expect(page.getByText('Deleted 2 files and freed 1.0 KiB.')).toBeVisible();
  await expect(artifactRows(page)).toHaveCount(2);
  await expect(selection).toBeHidden();
});

test('a second window updates and keeps its search, selection and open menu', async ({ page, content, requestAs, openPage }) => {
  const request = await requestAs(owner);
  const experiment = await createExperimentWithFiles(content, request, { 'a.txt': '1', 'b.txt': '2', 'c.txt': '3' });
  await visit(page, `${experiment.path}/artifacts`);
  const other = await openPage(owner);
  await visit(other, `${experiment.path}/artifacts`);
  await page.getByLabel('Search artifacts').fill('txt');
  await artifactRow(page, 'a.txt').getByRole('checkbox').check();
  await artifactRow(page, 'b.txt').getByRole('button', { name: 'More actions for b.txt' }).click();

  await chooseFromArtifactMenu(other, 'c.txt', 'Delete');
  await panel(other).getByRole('button', { name: 'Delete 1 artifact' }).click();
  await expect(artifactRows(page)).toHaveCount(2);
  await uploadArtifacts(request, experiment, { 'd.txt': '4', 'a.txt': 'longer' });
  await expect(artifactRow(page, 'd.txt')).toBeVisible();
  await expect(artifactRow(page, 'a.txt')).toContainText('2 versions');
  await expect(artifactRow(page, 'a.txt').getByRole('checkbox')).toBeChecked();
  await expect(artifactRow(page, 'b.txt').locator('.menu')).toBeVisible();
  await expect(page.getByLabel('Search artifacts')).toHaveValue('txt');
});

test('archives contain the selected files unchanged', async ({ page, content, requestAs }, info) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner));
  await visit(page, `${experiment.path}/artifacts`);
  const downloadAndUnpack = async (click: () => Promise<void>, name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    const path = info.outputPath(name);
    writeFileSync(path, readFileSync(await download.path()));
    const program = 'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nz.extractall(sys.argv[2])\nprint("\\n".join(sorted(z.namelist())))';
    const target = info.outputPath(`${name} unpacked`);
    const list = execFileSync('python3', ['-c', program, path, target]).toString().trim().split('\n');
    for (const file of list) expect(readFileSync(`${target}/${file}`).equals(Buffer.from(SAMPLE_FILES[file] ?? 'missing')), file).toBe(true);
    return list;
  };
  const all = page.getByRole('link', { name: 'Download all' });
  expect(await downloadAndUnpack(async () => await all.click(), 'all.zip')).toEqual(Object.keys(SAMPLE_FILES));
  for (const name of ['notes.md', 'best.pt']) await artifactRow(page, name).getByRole('checkbox').check();
  const some = page.getByRole('button', { name: 'Download ZIP' });
  expect(await downloadAndUnpack(async () => await some.click(), 'some.zip')).toEqual(['best.pt', 'notes.md']);
  const [single] = await Promise.all([page.waitForEvent('download'), chooseFromArtifactMenu(page, 'args.yaml', 'Download')]);
  expect(single.suggestedFilename()).toBe('args.yaml');
  expect(readFileSync(await single.path()).toString()).toBe(SAMPLE_FILES['args.yaml']);
});

test('copies checksums and links', async ({ page, content, requestAs, context }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), { 'a.txt': 'abc' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visit(page, `${experiment.path}/artifacts?q=a`);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await artifactRow(page, 'a.txt').getByRole('button', { name: 'Copy checksum' }).click();
  await expect.poll(copied).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  await chooseFromArtifactMenu(page, 'a.txt', 'Copy link');
  await expect.poll(copied).toMatch(new RegExp(`^http.*${experiment.path}/artifacts\\?preview=[0-9a-f-]{36}$`));
  await visit(page, await copied());
  await expect(panel(page)).toContainText('abc');
});

test('a viewer can download but not change artifacts', async ({ content, requestAs, openPage, browserErrors }) => {
  browserErrors.expectStatus(403);
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), { 'a.txt': '1' });
  const page = await openPage(viewer);
  await visit(page, `${experiment.path}/artifacts`);
  await artifactRow(page, 'a.txt').getByRole('button', { name: 'More actions for a.txt' }).click();
  const menu = artifactRow(page, 'a.txt').locator('.menu');
  await expect(menu.getByRole('link', { name: 'Download' })).toBeVisible();
  await expect(menu.getByText(/Rename|Delete|Replace/)).toHaveCount(0);
  const id = await artifactRow(page, 'a.txt').getAttribute('data-artifact');
  await visit(page, `${experiment.path}/artifacts?do=delete&artifact=${id}`);
  await expect(panel(page).getByRole('alert')).toBeVisible();
  await expect(panel(page).getByRole('button', { name: 'Delete' })).toHaveCount(0);
  await visit(page, `${experiment.path}/artifacts?do=rename&artifact=${id}`);
  await expect(panel(page).getByRole('button', { name: 'Rename' })).toHaveCount(0);
  const response = await (await requestAs(viewer)).post('/fn/artifacts/delete', {
    form: { experiment: experiment.id, artifacts: id ?? '', back: '/' },
    maxRedirects: 0,
  });
  expect(response.status()).toBe(403);
});

test('shows an error in the panel for a missing artifact', async ({ page, content, requestAs, browserErrors }) => {
  browserErrors.expectStatus(404);
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), { 'a.txt': '1' });
  await visit(page, `${experiment.path}/artifacts?preview=01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d`);
  await expect(panel(page).getByRole('alert')).toContainText('no such artifact');
  await page.keyboard.press('Escape');
  await expect(artifactRow(page, 'a.txt')).toBeVisible();
});

test('works with the keyboard', async ({ page, content, requestAs }) => {
  const experiment = await createExperimentWithFiles(content, await requestAs(owner), { 'a.txt': 'first', 'b.txt': 'second' });
  await visit(page, `${experiment.path}/artifacts?sort=name`);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(artifactRow(page, 'b.txt').getByRole('link', { name: 'b.txt' })).toBeFocused();
  await page.keyboard.press('x');
  await expect(artifactRow(page, 'b.txt').getByRole('checkbox')).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(panel(page)).toContainText('second');
  await page.keyboard.press('Escape');
  await expect(artifactRow(page, 'b.txt').getByRole('link', { name: 'b.txt' })).toBeFocused();
  const more = artifactRow(page, 'a.txt').getByRole('button', { name: 'More actions for a.txt' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(artifactRow(page, 'a.txt').locator('.menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(artifactRow(page, 'a.txt').locator('.menu')).toBeHidden();
  await expect(more).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(panel(page)).toContainText('first');
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('sorts, searches, previews, renames, restores and deletes', async ({ page, content, requestAs }) => {
    const request = await requestAs(owner);
    const experiment = await createExperimentWithFiles(content, request, { 'a.txt': 'first', 'b.txt': 'second', 'c.txt': 'third' });
    await uploadArtifacts(request, experiment, { 'a.txt': 'fourth' });
    await page.goto(`${experiment.path}/artifacts`);
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
    await expect(nameLinks(page)).toHaveText(['a.txt', 'b.txt', 'c.txt']);
    await page.getByLabel('Search artifacts').fill('b');
    await page.keyboard.press('Enter');
    await expect(nameLinks(page)).toHaveText(['b.txt']);
    await artifactRow(page, 'b.txt').getByRole('link', { name: 'b.txt' }).click();
    await expect(panel(page)).toContainText('second');
    await panel(page).getByRole('link', { name: 'Close' }).click();

    await chooseFromArtifactMenu(page, 'b.txt', 'Rename');
    await panel(page).getByLabel('Name').fill('c.txt');
    await panel(page).getByRole('button', { name: 'Rename' }).click();
    await expect(panel(page).getByRole('alert')).toContainText('c.txt');
    await panel(page).getByLabel('Name').fill('b2.txt');
    await panel(page).getByRole('button', { name: 'Rename' }).click();
    await expect(artifactRow(page, 'b2.txt')).toBeVisible();
    await expect(panel(page)).toBeHidden();

    await page.goto(`${experiment.path}/artifacts`);
    await artifactRow(page, 'a.txt').getByRole('link', { name: '2 versions' }).click();
    await panel(page).getByRole('button', { name: 'Make current' }).click();
    await expect(panel(page).locator('.version').filter({ has: page.locator('.chip') })).toContainText('Version 1');

    await page.goto(`${experiment.path}/artifacts`);
    for (const name of ['a.txt', 'c.txt']) await artifactRow(page, name).getByRole('checkbox').check();
    await page.getByRole('form', { name: 'Selected artifacts' }).getByRole('button', { name: 'Delete' }).click();
    await expect(panel(page)).toContainText('3 files');
    await panel(page).getByRole('button', { name: 'Delete 2 artifacts' }).click();
    await expect(nameLinks(page)).toHaveText(['b2.txt']);
  });
});

/** The tab's visual states. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  table: async (page) => await expect(artifactRows(page)).toHaveCount(12),
  selected: async (page) => await artifactRow(page, 'best.pt').getByRole('checkbox').check(),
  menu: async (page) => await artifactRow(page, 'confusion.png').getByRole('button', { name: /More/ }).click(),
  picture: async (page) => await chooseFromArtifactMenu(page, 'confusion.png', 'Preview'),
  table_preview: async (page) => await chooseFromArtifactMenu(page, 'metrics.csv', 'Preview'),
  json: async (page) => await chooseFromArtifactMenu(page, 'coco.json', 'Preview'),
  versions: async (page) => await chooseFromArtifactMenu(page, 'args.yaml', 'Versions'),
  rename: async (page) => await chooseFromArtifactMenu(page, 'args.yaml', 'Rename'),
  delete: async (page) => await chooseFromArtifactMenu(page, 'best.pt', 'Delete'),
};

test('has no axe violations', async ({ page, content, requestAs }) => {
  test.setTimeout(120_000);
  const request = await requestAs(owner);
  const experiment = await createExperimentWithFiles(content, request);
  await uploadArtifacts(request, experiment, { 'args.yaml': 'epochs: 60\n' });
  for (const [name, show] of Object.entries(STATES)) {
    await test.step(name, async () => {
      await visit(page, `${experiment.path}/artifacts`);
      await show(page);
      if (!['table', 'selected', 'menu'].includes(name)) await expect(panel(page)).toBeVisible();
      await expectNoViolationsInBothThemes(page);
    });
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('does not overflow horizontally', async ({ page, content, requestAs }) => {
    test.setTimeout(60_000);
    const request = await requestAs(owner);
    const experiment = await createExperimentWithFiles(content, request, { ...SAMPLE_FILES, ['long'.repeat(50) + '.txt']: 'x' });
    await uploadArtifacts(request, experiment, { 'args.yaml': 'epochs: 60\n' });
    for (const [name, show] of Object.entries(STATES).slice(1)) {
      await test.step(name, async () => {
        await visit(page, `${experiment.path}/artifacts`);
        await show(page);
        await expectNoHorizontalOverflow(page);
      });
    }
  });
});
