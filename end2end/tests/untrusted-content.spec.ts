// Untrusted content (XSS): names, descriptions, logs and URLs are shown as text, and no code in them runs.

import type { Page } from '@playwright/test';

import { type CreatedResource, uniqueName } from '../fixtures/content-factory.ts';
import { logCard, waitForChart } from '../fixtures/dashboard.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

// Each calls `ran` if it is executed. At most 60 characters, so that it fits into a name.
const PAYLOADS = [
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

/** The only allowed link. */
const ALLOWED_LINK = '[a good link](https://example.org/)';

// Payloads that depend on Markdown.
const MARKDOWN_PAYLOADS = [
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

/** Records executed payloads and the hosts of all requests. */
async function recordActivity(page: Page): Promise<{ executed: string[]; hosts: string[] }> {
  const activity = { executed: [] as string[], hosts: [] as string[] };
  await page.exposeFunction('ran', () => activity.executed.push(page.url()));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => activity.executed.push('a dialog')));
  page.on('request', (request) => activity.hosts.push(new URL(request.url()).host));
  return activity;
}

test('names are shown as text on every page', async ({ page, content, server }) => {
  const activity = await recordActivity(page);
  const project = await content.createProject(PAYLOADS[0]);
  const experiments: CreatedResource[] = [];
  for (const name of PAYLOADS) experiments.push(await content.createExperiment(project, name, name));

  await visit(page, '/');
  await expect(page.getByRole('link', { name: project.name, exact: true })).toBeVisible();
  await visit(page, project.path);
  for (const name of PAYLOADS) await expect(page.getByRole('row').getByText(name, { exact: true })).toBeVisible();
  for (const { path, name } of experiments) {
    await visit(page, `${path}/logs`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page).toHaveTitle(`${name} · Groundglass`);
  }
  for (const { path, name } of experiments.filter(({ name }) => /^<\/|&/.test(name))) {
    await visit(page, `${path}/settings`);
    await expect(page.getByLabel('Name')).toHaveValue(name);
    await expect(page.getByLabel('Description')).toHaveValue(name);
  }
  expect(activity.executed).toEqual([]);
  expect(new Set(activity.hosts)).toEqual(new Set([new URL(server.url).host]));
});

test('names are shown as text after typing and after live updates', async ({ page, content }) => {
  const activity = await recordActivity(page);
  const project = await content.createProject();
  await visit(page, project.path);
  const name = '<img src=x onerror=ran()>';
  await content.createExperiment(project, name);
  await expect(page.getByRole('link', { name })).toBeVisible();
  await disclosure(page, 'New experiment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('"><svg onload=ran()>');
  await page.getByRole('button', { name: 'Create experiment' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('"><svg onload=ran()>');
  expect(activity.executed).toEqual([]);
});

test('Markdown in descriptions is sanitized', async ({ page, content, server }) => {
  const activity = await recordActivity(page);
  const project = await content.createProject();
  const text = [ALLOWED_LINK, ...PAYLOADS, ...MARKDOWN_PAYLOADS].join('\n\n');
  const experiment = await content.createExperiment(project, uniqueName('described'), text);
  await visit(page, `${experiment.path}/logs`);
  const about = page.getByRole('region', { name: 'About' });
  await disclosure(page, 'Full description').click();
  await expect(about).toContainText('<script>ran()</script>');

  // Only links to the web remain.
  await expect(about.getByRole('link', { name: 'a good link' }).last()).toBeVisible();
  const addresses = await about.locator('[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(address).toMatch(/^https:\/\/example\.org/);
  const forbidden = 'script, iframe, img, svg script, form, input:not([type=checkbox]), style, base, meta, object, embed, button';
  await expect(about.locator(forbidden)).toHaveCount(0);
  const handlers = await about.evaluate((element) =>
    [...element.querySelectorAll('*')].flatMap((child) => child.getAttributeNames().filter((name) => name.startsWith('on'))),
  );
  expect(handlers).toEqual([]);
  await about.getByText('a link', { exact: true }).last().click();
  await expect(page).toHaveURL(`${experiment.path}/logs`);
  expect(activity.executed).toEqual([]);
  expect(new Set(activity.hosts)).toEqual(new Set([new URL(server.url).host]));
});

test('names, cells, labels and chart texts of logs are shown as text', async ({ page, content, script, server }) => {
  test.slow();
  const activity = await recordActivity(page);
  const experiment = await content.createExperiment(await content.createProject());
  await script.logBatch(experiment, PAYLOADS.map((name) => ({ name, values: [1, 2, 'NaN', 3] })));
  const cells = { columns: PAYLOADS, rows: [PAYLOADS[0]], data: [PAYLOADS] };
  await script.log(experiment, 'cells', 'TABLE', cells);
  await script.log(experiment, 'fields', 'TABLE', Object.fromEntries(PAYLOADS.map((text) => [text, text])));
  await script.log(experiment, 'classes', 'LABELMAP', Object.fromEntries(PAYLOADS.map((text) => [text, text])));
  await script.log(experiment, 'bars', 'BAR', { x: PAYLOADS, y: PAYLOADS.map((_, index) => index) });
  await script.log(experiment, 'matrix', 'HEATMAP', { categories: PAYLOADS, values: PAYLOADS.map(() => PAYLOADS.map(() => 1)) });
  await script.log(experiment, 'text', 'VALUE', PAYLOADS[0]);
  await script.log(experiment, 'evaluated', 'EVALUATION', PAYLOADS.map((text) => ({ [text]: { [text]: text } })));
  await visit(page, `${experiment.path}/logs`);
  for (const name of PAYLOADS) await expect(logCard(page, name)).toHaveCount(1);
  for (const name of ['bars', 'matrix', PAYLOADS[4] ?? '']) {
    await (await waitForChart(page, name)).locator('.nsewdrag').first().hover();
  }
  await expect(page.locator('.hoverlayer')).not.toHaveCount(0);
  await disclosure(page, 'Combine lines…').click();
  for (const box of await page.locator('.overlay-list input').all()) await box.check();
  await page.getByRole('textbox', { name: 'Title' }).fill('<img src=x onerror=ran()>');
  await page.getByRole('button', { name: 'Add card' }).click();
  const overlayCard = page.locator('[data-section="Together"] article');
  // Only visible cards are drawn.
  await overlayCard.evaluate((card) => card.scrollIntoView());
  await expect(overlayCard).toHaveClass(/drawn/, { timeout: 20_000 });
  await overlayCard.getByRole('button', { name: /full size/ }).click();
  await expect(page.getByRole('dialog')).toHaveClass(/drawn/);
  // Plotly.js would turn `<a>` in texts into links.
  await expect(page.locator('.logs a:not(.menu-item), .logs img, .logs iframe')).toHaveCount(0);
  expect(activity.executed).toEqual([]);
  expect(new Set(activity.hosts)).toEqual(new Set([new URL(server.url).host]));
});

test('URLs are not reflected as code', async ({ page, browserErrors }) => {
  const activity = await recordActivity(page);
  browserErrors.expectStatus(404);
  const code = encodeURIComponent('"><script>ran()</script>');
  for (const path of [`/${code}`, `/project/${code}`, `/experiment/${code}/logs`, `/welcome/${code}`]) {
    expect((await visit(page, path)).status()).toBe(404);
  }
  await visit(page, `/sign-in?next=${code}&__path=/fn/sign-in&__err=${code}`);
  expect(activity.executed).toEqual([]);
});

test('the content security policy blocks injected scripts', async ({ page, browserErrors }) => {
  const activity = await recordActivity(page);
  await visit(page, '/');
  browserErrors.expectMessage(/Content Security Policy/);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'ran()';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="ran()">');
  });
  await expect(page.locator('img[onerror]')).toBeAttached();
  // Two frames give the injected scripts time to run if they were allowed.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(activity.executed).toEqual([]);
});
