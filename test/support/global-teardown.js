export default async function tearDown() {
  await globalThis.engineOfAllTests?.close();
}
