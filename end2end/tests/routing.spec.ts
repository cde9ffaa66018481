// Addresses: what is there, what is not, and what only looks like one of ours.

import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

const NOBODYS_ID = '01939f3c-0000-7000-8000-000000000000';

const NOWHERE = [
  '/nowhere',
  '/project',
  '/project/',
  '/project/1',
  '/project/:id',
  '/project/{id}',
  '/project/%7Bid%7D',
  `/project/${NOBODYS_ID}`,
  `/project/${NOBODYS_ID}/more`,
  '/organization/..%2f..%2fetc%2fpasswd',
  `/organization/${NOBODYS_ID}`,
  '/experiment/0',
  `/experiment/${NOBODYS_ID}`,
  `/experiment/${NOBODYS_ID}/logs`,
  `/experiment/${NOBODYS_ID}/other`,
  '/experiment/%00/logs',
  '/experiment/%F0%9F%94%8D/logs',
  "/experiment/' OR 1=1 --/logs",
  '/welcome/invented',
  // Only development builds show the parts.
  '/design',
];

for (const path of NOWHERE) {
  test(`404, with a page that says so: ${path}`, async ({ page, browserErrors }) => {
    browserErrors.expectStatus(404);
    const response = await visit(page, path);
    expect(response.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('Not found');
    await expect(page.getByRole('link', { name: 'All projects' })).toBeVisible();
    await expect(page).toHaveTitle('Not found · Groundglass');
  });
}

test('the way back from a page that is not there', async ({ page, browserErrors }) => {
  browserErrors.expectStatus(404);
  await visit(page, '/nowhere');
  await page.getByRole('link', { name: 'All projects' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('an address that dots lead out of is not followed', async ({ requestAs }) => {
  const request = await requestAs(owner);
  for (const path of ['/assets/../Cargo.toml', '/assets/%2e%2e/Cargo.toml', '/assets/..%2fCargo.toml', '/assets/..%5c..%5cCargo.toml']) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
});

test('an id in capitals is the same id', async ({ page, content }) => {
  const project = await content.createProject();
  const response = await visit(page, `/project/${project.id.toUpperCase()}`);
  expect(response.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(project.name);
});

test('pages of a list that do not exist show an empty or the last one, not an error', async ({ page, content }) => {
  const project = await content.createProject();
  await content.createExperiment(project);
  for (const query of ['?page=0', '?page=-1', '?page=x', '?page=', '?page=99999999999999999999']) {
    expect((await visit(page, `${project.path}${query}`)).status(), query).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(project.name);
    await expect(page.getByRole('row')).toHaveCount(2);
  }
});

test('wrong methods are told which are right', async ({ requestAs, content }) => {
  const request = await requestAs(owner);
  const project = await content.createProject();
  const check = async (method: string, path: string, allowed: RegExp) => {
    const answer = await request.fetch(path, { method, headers: { Accept: 'text/html' } });
    expect(answer.status(), `${method} ${path}`).toBe(405);
    expect(answer.headers()['allow'], `${method} ${path}`).toMatch(allowed);
    if (method !== 'HEAD') expect(await answer.text()).toContain('does not take that method');
  };
  await check('POST', project.path, /GET/);
  await check('DELETE', project.path, /GET/);
  await check('PUT', '/sign-in', /GET/);
  await check('PATCH', '/', /GET/);
  await check('GET', '/fn/projects/create', /POST/);
  await check('GET', '/fn/sign-in', /POST/);
  await check('POST', '/fn/me', /GET/);
  await check('DELETE', '/fn/project/delete', /POST/);
});

test('reading by HEAD says the same as by GET', async ({ requestAs, content }) => {
  const request = await requestAs(owner);
  const project = await content.createProject();
  expect((await request.head(project.path)).status()).toBe(200);
  expect((await request.head(`/project/${NOBODYS_ID}`)).status()).toBe(404);
});

test('server functions that do not exist answer 404', async ({ requestAs }) => {
  const request = await requestAs(owner);
  for (const path of ['/fn', '/fn/', '/fn/nothing', '/fn/projects/../me/x']) {
    expect((await request.post(path, { form: {} })).status(), path).toBe(404);
  }
});
