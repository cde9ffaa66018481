// Routes: existing, missing and malformed addresses, and unsupported methods.

import { visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

const MISSING_ID = '01939f3c-0000-7000-8000-000000000000';

const MISSING_PATHS = [
  '/nowhere',
  '/project',
  '/project/',
  '/project/1',
  '/project/:id',
  '/project/{id}',
  '/project/%7Bid%7D',
  `/project/${MISSING_ID}`,
  `/project/${MISSING_ID}/more`,
  '/organization/..%2f..%2fetc%2fpasswd',
  `/organization/${MISSING_ID}`,
  '/experiment/0',
  `/experiment/${MISSING_ID}`,
  `/experiment/${MISSING_ID}/logs`,
  `/experiment/${MISSING_ID}/other`,
  '/experiment/%00/logs',
  '/experiment/%F0%9F%94%8D/logs',
  "/experiment/' OR 1=1 --/logs",
  // The page of design components exists only in development builds.
  '/design',
];

for (const path of MISSING_PATHS) {
  test(`shows the 404 page: ${path}`, async ({ page, browserErrors }) => {
    browserErrors.expectStatus(404);
    const response = await visit(page, path);
    expect(response.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('Not found');
    await expect(page.getByRole('link', { name: 'All projects' })).toBeVisible();
    await expect(page).toHaveTitle('Not found · Groundglass');
  });
}

test('an invalid setup link shows the 404 page with a link to sign in', async ({ page, browserErrors }) => {
  browserErrors.expectStatus(404);
  expect((await visit(page, '/welcome/invented')).status()).toBe(404);
  await expect(page.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in');
});

test('the 404 page links to the projects', async ({ page, browserErrors }) => {
  browserErrors.expectStatus(404);
  await visit(page, '/nowhere');
  await page.getByRole('link', { name: 'All projects' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('rejects path traversal in asset addresses', async ({ requestAs }) => {
  const request = await requestAs(owner);
  for (const path of ['/assets/../Cargo.toml', '/assets/%2e%2e/Cargo.toml', '/assets/..%2fCargo.toml', '/assets/..%5c..%5cCargo.toml']) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
});

test('accepts an id in upper case', async ({ page, content }) => {
  const project = await content.createProject();
  const response = await visit(page, `/project/${project.id.toUpperCase()}`);
  expect(response.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(project.name);
});

test('shows a page of the list for any page number', async ({ page, content }) => {
  const project = await content.createProject();
  await content.createExperiment(project);
  for (const query of ['?page=0', '?page=-1', '?page=x', '?page=', '?page=99999999999999999999']) {
    expect((await visit(page, `${project.path}${query}`)).status(), query).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(project.name);
    await expect(page.getByRole('row')).toHaveCount(2);
  }
});

test('responds to unsupported methods with 405 and an Allow header', async ({ requestAs, content }) => {
  const request = await requestAs(owner);
  const project = await content.createProject();
  const expectNotAllowed = async (method: string, path: string, allowed: RegExp) => {
    const response = await request.fetch(path, { method, headers: { Accept: 'text/html' } });
    expect(response.status(), `${method} ${path}`).toBe(405);
    expect(response.headers()['allow'], `${method} ${path}`).toMatch(allowed);
    if (method !== 'HEAD') expect(await response.text()).toContain('does not support the method');
  };
  await expectNotAllowed('POST', project.path, /GET/);
  await expectNotAllowed('DELETE', project.path, /GET/);
  await expectNotAllowed('PUT', '/sign-in', /GET/);
  await expectNotAllowed('PATCH', '/', /GET/);
  await expectNotAllowed('GET', '/fn/projects/create', /POST/);
  await expectNotAllowed('GET', '/fn/sign-in', /POST/);
  await expectNotAllowed('POST', '/fn/me', /GET/);
  await expectNotAllowed('DELETE', '/fn/project/delete', /POST/);
});

test('HEAD returns the same status as GET', async ({ requestAs, content }) => {
  const request = await requestAs(owner);
  const project = await content.createProject();
  expect((await request.head(project.path)).status()).toBe(200);
  expect((await request.head(`/project/${MISSING_ID}`)).status()).toBe(404);
});

test('responds to unknown server functions with 404', async ({ requestAs }) => {
  const request = await requestAs(owner);
  for (const path of ['/fn', '/fn/', '/fn/nothing', '/fn/projects/../me/x']) {
    expect((await request.post(path, { form: {} })).status(), path).toBe(404);
  }
});
