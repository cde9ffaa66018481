// Invalid input: is rejected with the right status and a readable message, and changes nothing.

import type { APIResponse } from '@playwright/test';

import { ContentFactory, uniqueName } from '../fixtures/content-factory.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

const TOO_LONG = 'The name has 61 characters; the maximum is 60.';
const EMPTY = 'The name must not be empty.';

const BAD_NAMES = [
  { description: 'too long', name: 'x'.repeat(61), message: TOO_LONG },
  { description: 'too long in astral characters', name: '🔍'.repeat(61), message: TOO_LONG },
  { description: 'empty', name: '', message: EMPTY },
  { description: 'nothing but spaces', name: ' \u00a0\u3000 ', message: EMPTY },
  { description: 'with a line break', name: 'a\nb', message: 'The name contains an invisible control character (U+000A); remove it.' },
  { description: 'with a NUL', name: 'a\0b', message: 'The name contains an invisible control character (U+0000); remove it.' },
  { description: 'with a bidirectional override', name: 'a\u202eb', message: 'The name contains an invisible control character (U+202E); remove it.' },
];

async function expectErrorResponse(response: APIResponse, status: number, kind: string, message: string): Promise<void> {
  expect(response.status()).toBe(status);
  const body = (await response.json()) as Record<string, string>;
  const clause = body[kind] ?? '';
  expect(`${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`).toBe(message);
}

for (const { description, name, message } of BAD_NAMES) {
  test(`all forms reject invalid names: ${description}`, async ({ content, requestAs }) => {
    const project = await content.createProject();
    const experiment = await content.createExperiment(project);
    const organization = await content.organizationId();
    const expectRejected = async (address: string, form: Record<string, string | number>) => {
      await expectErrorResponse(await content.submitForm(address, form), 422, 'Invalid', message);
    };
    await expectRejected('projects/create', { organization, name, description: '' });
    await expectRejected('project/edit', { id: project.id, name, description: '' });
    await expectRejected('experiments/create', { project: project.id, name, description: '' });
    await expectRejected('experiment/edit', { id: experiment.id, name, description: '', version: 1 });

    const page = await (await requestAs(owner)).get(project.path);
    const html = await page.text();
    expect(html).toContain(experiment.name);
    expect(html.match(/<tr/g)).toHaveLength(2);
  });
}

test('shows a message and keeps the input when a name is too long', async ({ page, content, browserErrors }) => {
  const project = await content.createProject();
  await visit(page, project.path);
  await disclosure(page, 'New experiment').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  // The browser itself stops at 60 characters, so the server's check is reached only without `maxlength`.
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

test('the browser rejects an empty name, and the server one of spaces', async ({ page, content, browserErrors }) => {
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

test('accepts names of 60 characters, counted as code points', async ({ content }) => {
  const start = uniqueName('ä');
  const project = await content.createProject(start + '🔍'.repeat(60 - start.length));
  expect([...project.name].length).toBe(60);
  await content.createExperiment(project, '界'.repeat(60));
});

test('reports the length and the maximum of a description that is too long', async ({ content }) => {
  const project = await content.createProject();
  const response = await content.submitForm('project/edit', { id: project.id, name: project.name, description: 'x'.repeat(20_001) });
  await expectErrorResponse(response, 422, 'Invalid', 'The description has 20,001 characters; the maximum is 20,000.');
});

test('treats names that differ only in Unicode normalization as equal', async ({ content }) => {
  const project = await content.createProject();
  await content.createExperiment(project, 'caf\u00e9');
  const response = await content.submitForm('experiments/create', { project: project.id, name: ' cafe\u0301 ', description: '' });
  expect(response.status()).toBe(409);
  expect(await response.text()).toContain('café');
});

test('reports missing and malformed fields', async ({ content, requestAs }) => {
  const project = await content.createProject();
  const pattern = /some form fields are missing or invalid/;
  const forms = [{}, { project: project.id }, { project: 'not-an-id', name: 'x', description: '' }, { name: 'x', description: '' }];
  for (const form of forms) {
    const response = await content.submitForm('experiments/create', form as Record<string, string>);
    expect(response.status(), JSON.stringify(form)).toBe(422);
    expect(await response.text()).toMatch(pattern);
  }
  const request = await requestAs(owner);
  const types = ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'];
  for (const type of types) {
    const response = await request.post('/fn/experiments/create', { data: '{"project":', headers: { 'Content-Type': type } });
    expect(response.status(), type).toBeGreaterThanOrEqual(400);
    expect(response.status(), type).toBeLessThan(500);
  }
  const response = await request.get('/fn/project?id=x&page=1');
  expect(response.status()).toBe(422);
});

test('does not fail on invalid UTF-8', async ({ content, requestAs }) => {
  const project = await content.createProject();
  const request = await requestAs(owner);
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const data = Buffer.from(`project=${project.id}&name=%ff%fe&description=`);
  const response = await request.post('/fn/experiments/create', { data, headers });
  // Decoded leniently or rejected, but never a server error.
  expect([200, 422]).toContain(response.status());
});

test('rejects a body over 1 MiB', async ({ content, requestAs }) => {
  const project = await content.createProject();
  const request = await requestAs(owner);
  const form = { id: project.id, name: project.name, description: 'x'.repeat(1024 * 1024) };
  const response = await request.post('/fn/project/edit', { form, headers: { Accept: 'text/html' } });
  expect(response.status()).toBe(413);
  expect(await response.text()).toContain('larger than the 1 MiB');
});

test('rejects cross-site requests with a user\'s cookies', async ({ content, playwright, server, storageStateFor, requestAs }) => {
  const project = await content.createProject();
  const storageState = await storageStateFor(owner);
  const headers: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `${server.url}.evil.example` },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    // A browser always sends one of the two headers.
    {},
  ];
  for (const extraHTTPHeaders of headers) {
    const foreign = await playwright.request.newContext({ baseURL: server.url, storageState, extraHTTPHeaders });
    const response = await new ContentFactory(foreign).submitForm('project/delete', { id: project.id, confirm: project.name });
    expect(response.status(), JSON.stringify(extraHTTPHeaders)).toBe(403);
    expect(await response.text()).toMatch(/another site/);
    await foreign.dispose();
  }
  expect((await (await requestAs(owner)).get(project.path)).status()).toBe(200);
});

test('rejects requests for an unknown host name', async ({ requestAs }) => {
  const request = await requestAs(undefined);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
    const response = await request.get('/sign-in', { headers: { Host: host, Accept: 'text/html' } });
    expect(response.status(), host).toBe(421);
    expect(await response.text()).toContain('does not serve that host name');
  }
});
