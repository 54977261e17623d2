// Chromium 90 has no Object.hasOwn; the bundler puts this function in its place.
export function ownProperty(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}
