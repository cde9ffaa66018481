// Input that makes no sense: the right status, a sentence that a person understands, and nothing changed.

import type { APIResponse } from '@playwright/test';

import { ContentFactory, uniqueName } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

const TOO_LONG = 'The name has 61 characters; the maximum is 60.';
const EMPTY = 'The name must not be empty.';

const BAD_NAMES = [
  { what: 'too long', name: 'x'.repeat(61), says: TOO_LONG },
  { what: 'too long in astral characters', name: '🔍'.repeat(61), says: TOO_LONG },
  { what: 'empty', name: '', says: EMPTY },
  { what: 'nothing but spaces', name: ' \u00a0\u3000 ', says: EMPTY },
  { what: 'with a line end', name: 'a\nb', says: 'The name contains an invisible control character (U+000A); remove it.' },
  { what: 'with a NUL', name: 'a\0b', says: 'The name contains an invisible control character (U+0000); remove it.' },
  { what: 'turning the text around', name: 'a\u202eb', says: 'The name contains an invisible control character (U+202E); remove it.' },
];

async function expectRefusal(answer: APIResponse, status: number, kind: string, says: string): Promise<void> {
  expect(answer.status()).toBe(status);
  const body = (await answer.json()) as Record<string, string>;
  const clause = body[kind] ?? '';
  expect(`${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`).toBe(says);
}

for (const { what, name, says } of BAD_NAMES) {
  test(`a name that is ${what} is refused everywhere`, async ({ content, requestAs }) => {
    const project = await content.createProject();
    const experiment = await content.createExperiment(project);
    const organization = await content.organizationId();
    const refused = async (address: string, form: Record<string, string | number>) => {
      await expectRefusal(await content.submitForm(address, form), 422, 'Invalid', says);
    };
    await refused('projects/create', { organization, name, description: '' });
    await refused('project/edit', { id: project.id, name, description: '' });
    await refused('experiments/create', { project: project.id, name, description: '' });
    await refused('experiment/edit', { id: experiment.id, name, description: '', version: 1 });

    const page = await (await requestAs(owner)).get(project.path);
    const html = await page.text();
    expect(html).toContain(experiment.name);
    expect(html.match(/<tr/g)).toHaveLength(2);
  });
}

test('a name of 61 characters typed into the form comes back with a sentence', async ({ page, content, browserErrors }) => {
  const project = await content.createProject();
  await visit(page, project.path);
  await disclosure(page, 'New experiment').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  // The browser itself stops at 60, so somebody must have taken the limit away.
  await name.pressSequentially('x'.repeat(62), { delay: 0 });
  await expect(name).toHaveValue('x'.repeat(60));
  await name.evaluate((input) => input.removeAttribute('maxlength'));
  await name.fill('x'.repeat(61));
  browserErrors.expectStatus(422);
  await page.getByRole('button', { name: 'Create experiment' }).click();
  await expect(page.getByRole('alert')).toHaveText(TOO_LONG);
  await expect(name).toHaveValue('x'.repeat(61));
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();
});

test('an empty name is stopped by the browser, and one of spaces by the server', async ({ page, content, browserErrors }) => {
  const project = await content.createProject();
  await visit(page, project.path);
  await disclosure(page, 'New experiment').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  const create = page.getByRole('button', { name: 'Create experiment' });
  await create.click();
  await expect(name).toBeFocused();
  expect(await name.evaluate((input: HTMLInputElement) => input.validity.valueMissing)).toBe(true);
  await name.fill('   ');
  browserErrors.expectStatus(422);
  await create.click();
  await expect(page.getByRole('alert')).toHaveText(EMPTY);
});

test('60 characters fit, of whatever kind', async ({ content }) => {
  const start = uniqueName('ä');
  const project = await content.createProject(start + '🔍'.repeat(60 - start.length));
  expect([...project.name].length).toBe(60);
  await content.createExperiment(project, '界'.repeat(60));
});

test('a description that is too long is refused with both numbers', async ({ content }) => {
  const project = await content.createProject();
  const answer = await content.submitForm('project/edit', { id: project.id, name: project.name, description: 'x'.repeat(20_001) });
  await expectRefusal(answer, 422, 'Invalid', 'The description has 20,001 characters; the maximum is 20,000.');
});

test('names that look the same are the same', async ({ content }) => {
  const project = await content.createProject();
  await content.createExperiment(project, 'caf\u00e9');
  const answer = await content.submitForm('experiments/create', { project: project.id, name: ' cafe\u0301 ', description: '' });
  expect(answer.status()).toBe(409);
  expect(await answer.text()).toContain('café');
});

test('fields that are missing, or make no sense, are said to', async ({ content, requestAs }) => {
  const project = await content.createProject();
  const sentence = /some of the form's fields are missing or make no sense/;
  const forms = [{}, { project: project.id }, { project: 'not-an-id', name: 'x', description: '' }, { name: 'x', description: '' }];
  for (const form of forms) {
    const answer = await content.submitForm('experiments/create', form as Record<string, string>);
    expect(answer.status(), JSON.stringify(form)).toBe(422);
    expect(await answer.text()).toMatch(sentence);
  }
  const request = await requestAs(owner);
  const types = ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'];
  for (const type of types) {
    const answer = await request.post('/fn/experiments/create', { data: '{"project":', headers: { 'Content-Type': type } });
    expect(answer.status(), type).toBeGreaterThanOrEqual(400);
    expect(answer.status(), type).toBeLessThan(500);
  }
  const answer = await request.get('/fn/project?id=x&page=1');
  expect(answer.status()).toBe(422);
});

test('bytes that are no text are refused', async ({ content, requestAs }) => {
  const project = await content.createProject();
  const request = await requestAs(owner);
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const data = Buffer.from(`project=${project.id}&name=%ff%fe&description=`);
  const answer = await request.post('/fn/experiments/create', { data, headers });
  // Read leniently or not at all, but never an error of the server's.
  expect([200, 422]).toContain(answer.status());
});

test('a body that is too large is refused before anything is read', async ({ content, requestAs }) => {
  const project = await content.createProject();
  const request = await requestAs(owner);
  const form = { id: project.id, name: project.name, description: 'x'.repeat(1024 * 1024) };
  const answer = await request.post('/fn/project/edit', { form, headers: { Accept: 'text/html' } });
  expect(answer.status()).toBe(413);
  expect(await answer.text()).toContain('larger than the 1 MiB');
});

test('a page of another site cannot act in somebody\'s name', async ({ content, playwright, server, storageStateFor, requestAs }) => {
  const project = await content.createProject();
  const storageState = await storageStateFor(owner);
  const headers: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `${server.url}.evil.example` },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    // A browser always says one of the two.
    {},
  ];
  for (const extraHTTPHeaders of headers) {
    const foreign = await playwright.request.newContext({ baseURL: server.url, storageState, extraHTTPHeaders });
    const answer = await new ContentFactory(foreign).submitForm('project/delete', { id: project.id, confirm: project.name });
    expect(answer.status(), JSON.stringify(extraHTTPHeaders)).toBe(403);
    expect(await answer.text()).toMatch(/another site/);
    await foreign.dispose();
  }
  expect((await (await requestAs(owner)).get(project.path)).status()).toBe(200);
});

test('a name that the server does not answer to is refused', async ({ requestAs }) => {
  const request = await requestAs(undefined);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
    const answer = await request.get('/sign-in', { headers: { Host: host, Accept: 'text/html' } });
    expect(answer.status(), host).toBe(421);
    expect(await answer.text()).toContain('does not answer to that name');
  }
});
