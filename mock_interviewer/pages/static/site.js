// @ts-check
// The key to the page is in its first address; from then on a cookie carries it.
const address = new URL(location.href);
if (address.searchParams.has("token")) {
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}
