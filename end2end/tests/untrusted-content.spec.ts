// Names and descriptions come from anyone: they are shown as what they are, text, and nothing in them runs.

import type { Page } from '@playwright/test';

import { logCard, waitForChart } from '../fixtures/dashboard.ts';
import { type CreatedResource, uniqueName } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

// Each would call `ran`, if it were let. At most 60 characters, so that it fits into a name.
const CORPUS = [
  '<script>ran()</script>',
  '</script><script>ran()</script>',
  '</title><script>ran()</script>',
  '</textarea><script>ran()</script>',
  '<img src=x onerror=ran()>',
  '<svg onload=ran()>',
  '<svg><script>ran()</script></svg>',
  '"><img src=x onerror=ran()>',
  "' onmouseover='ran()",
  '" autofocus onfocus="ran()',
  '<details open ontoggle=ran()>',
  '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
  '<math><mi xlink:href="javascript:ran()">x</mi></math>',
  '<style>@import "javascript:ran()"</style>',
  '<!--><script>ran()</script>-->',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil">',
  '{{constructor.constructor("ran()")()}}',
  '${ran()} #{ran()} <%= ran() %> {% ran() %}',
  '\\u003cscript\\u003eran()\\u003c/script\\u003e',
  '&lt;script&gt;ran()&lt;/script&gt;',
  'javascript:ran()',
];

/** The one link that is as it should be. */
const GOOD = '[a good link](https://example.org/)';

// What only Markdown could make of it.
const MARKDOWN = [
  '[a link](javascript:ran())',
  '[a link](JaVaScRiPt&#58;ran())',
  '[a link](java\nscript:ran())',
  '[a link](data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==)',
  '[a link](vbscript:ran())',
  '<javascript:ran()>',
  '![a picture](x" onerror="ran())',
  '![a picture](https://evil.example/p.png)',
  '[a link](https://example.org "title" onclick=ran())',
  '<a href="javascript:ran()">a link</a>',
  '<div style="background:url(javascript:ran())">x</div>',
  '<form action=/fn/sign-out method=post><button>Win a prize</button></form>',
  '<input autofocus onfocus=ran()>',
  '```html\n<script>ran()</script>\n```',
  '[ref]\n\n[ref]: javascript:ran()',
  '| <img src=x onerror=ran()> |\n|---|\n| x |',
];

/** Counts what runs, and everything that asks another host. */
async function guard(page: Page): Promise<{ ran: string[]; asked: string[] }> {
  const heard = { ran: [] as string[], asked: [] as string[] };
  await page.exposeFunction('ran', () => heard.ran.push(page.url()));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => heard.ran.push('a dialog')));
  page.on('request', (request) => heard.asked.push(new URL(request.url()).host));
  return heard;
}

test('in names: on every page that shows one', async ({ page, content, server }) => {
  const heard = await guard(page);
  const project = await content.createProject(CORPUS[0]);
  const made: CreatedResource[] = [];
  for (const name of CORPUS) made.push(await content.createExperiment(project, name, name));

  await visit(page, '/');
  await expect(page.getByRole('link', { name: project.name, exact: true })).toBeVisible();
  await visit(page, project.path);
  for (const name of CORPUS) await expect(page.getByRole('row').getByText(name, { exact: true })).toBeVisible();
  for (const { path, name } of made) {
    await visit(page, `${path}/logs`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page).toHaveTitle(`${name} · Groundglass`);
  }
  for (const { path, name } of made.filter(({ name }) => /^<\/|&/.test(name))) {
    await visit(page, `${path}/settings`);
    await expect(page.getByLabel('Name')).toHaveValue(name);
    await expect(page.getByLabel('Description')).toHaveValue(name);
  }
  expect(heard.ran).toEqual([]);
  expect(new Set(heard.asked)).toEqual(new Set([new URL(server.url).host]));
});

test('in names: typed by a person, and shown live', async ({ page, content }) => {
  const heard = await guard(page);
  const project = await content.createProject();
  await visit(page, project.path);
  const name = '<img src=x onerror=ran()>';
  await content.createExperiment(project, name);
  await expect(page.getByRole('link', { name })).toBeVisible();
  await disclosure(page, 'New experiment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('"><svg onload=ran()>');
  await page.getByRole('button', { name: 'Create experiment' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('"><svg onload=ran()>');
  expect(heard.ran).toEqual([]);
});

test('in descriptions: Markdown is rendered, what it hides is not', async ({ page, content, server }) => {
  const heard = await guard(page);
  const project = await content.createProject();
  const text = [GOOD, ...CORPUS, ...MARKDOWN].join('\n\n');
  const experiment = await content.createExperiment(project, uniqueName('described'), text);
  await visit(page, `${experiment.path}/logs`);
  const about = page.getByRole('region', { name: 'About' });
  await disclosure(page, 'The whole description').click();
  await expect(about).toContainText('<script>ran()</script>');

  // A link may only lead to the web.
  await expect(about.getByRole('link', { name: 'a good link' }).last()).toBeVisible();
  const addresses = await about.locator('[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(address).toMatch(/^https:\/\/example\.org/);
  const suspicious = 'script, iframe, img, svg script, form, input:not([type=checkbox]), style, base, meta, object, embed, button';
  await expect(about.locator(suspicious)).toHaveCount(0);
  const handlers = await about.evaluate((element) =>
    [...element.querySelectorAll('*')].flatMap((child) => child.getAttributeNames().filter((name) => name.startsWith('on'))),
  );
  expect(handlers).toEqual([]);
  await about.getByText('a link', { exact: true }).last().click();
  await expect(page).toHaveURL(`${experiment.path}/logs`);
  expect(heard.ran).toEqual([]);
  expect(new Set(heard.asked)).toEqual(new Set([new URL(server.url).host]));
});

test('in logs: names, cells, labels and what charts say', async ({ page, content, script, server }) => {
  test.slow();
  const heard = await guard(page);
  const experiment = await content.createExperiment(await content.createProject());
  await script.logBatch(experiment, CORPUS.map((name) => ({ name, values: [1, 2, 'NaN', 3] })));
  const cells = { columns: CORPUS, rows: [CORPUS[0]], data: [CORPUS] };
  await script.log(experiment, 'cells', 'TABLE', cells);
  await script.log(experiment, 'fields', 'TABLE', Object.fromEntries(CORPUS.map((text) => [text, text])));
  await script.log(experiment, 'classes', 'LABELMAP', Object.fromEntries(CORPUS.map((text) => [text, text])));
  await script.log(experiment, 'bars', 'BAR', { x: CORPUS, y: CORPUS.map((_, index) => index) });
  await script.log(experiment, 'matrix', 'HEATMAP', { categories: CORPUS, values: CORPUS.map(() => CORPUS.map(() => 1)) });
  await script.log(experiment, 'text', 'VALUE', CORPUS[0]);
  await script.log(experiment, 'evaluated', 'EVALUATION', CORPUS.map((text) => ({ [text]: { [text]: text } })));
  await visit(page, `${experiment.path}/logs`);
  for (const name of CORPUS) await expect(logCard(page, name)).toHaveCount(1);
  for (const name of ['bars', 'matrix', CORPUS[4] ?? '']) {
    await (await waitForChart(page, name)).locator('.nsewdrag').first().hover();
  }
  await expect(page.locator('.hoverlayer')).not.toHaveCount(0);
  await disclosure(page, 'Overlay').click();
  for (const box of await page.locator('.overlay-list input').all()) await box.check();
  await page.getByRole('textbox', { name: 'Title' }).fill('<img src=x onerror=ran()>');
  await page.getByRole('button', { name: 'Add the card' }).click();
  const together = page.locator('[data-section="Together"] article');
  // Only cards in sight draw.
  await together.evaluate((card) => card.scrollIntoView());
  await expect(together).toHaveClass(/drawn/, { timeout: 20_000 });
  await together.getByRole('button', { name: /full size/ }).click();
  await expect(page.getByRole('dialog')).toHaveClass(/drawn/);
  // Plotly.js makes links of what it takes for some.
  await expect(page.locator('.logs a:not(.menu-item), .logs img, .logs iframe')).toHaveCount(0);
  expect(heard.ran).toEqual([]);
  expect(new Set(heard.asked)).toEqual(new Set([new URL(server.url).host]));
});

test('in addresses: what stands there is not repeated as code', async ({ page, browserErrors }) => {
  const heard = await guard(page);
  browserErrors.expectStatus(404);
  const code = encodeURIComponent('"><script>ran()</script>');
  for (const path of [`/${code}`, `/project/${code}`, `/experiment/${code}/logs`, `/welcome/${code}`]) {
    expect((await visit(page, path)).status()).toBe(404);
  }
  await visit(page, `/sign-in?next=${code}&__path=/fn/sign-in&__err=${code}`);
  expect(heard.ran).toEqual([]);
});

test('a script that got into a page would not run', async ({ page, browserErrors }) => {
  const heard = await guard(page);
  await visit(page, '/');
  browserErrors.expectMessage(/Content Security Policy/);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'ran()';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="ran()">');
  });
  await expect(page.locator('img[onerror]')).toBeAttached();
  // A script that is allowed runs after the two that are not.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(heard.ran).toEqual([]);
});
