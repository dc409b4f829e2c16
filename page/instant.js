// @ts-check

// RFC 3339, section 5.6. The minute is parsed by the platform, the rest by hand: Date knows no nanosecond.
const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i;

/** @type {import('./instant.d.ts').instantOf} */
export const instantOf = (datetime) => {
  const { seconds, fraction } = parse(datetime);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction.slice(0, 9).padEnd(9, '0')}Z`;
};

/** @type {import('./instant.d.ts').millisOf} */
export const millisOf = (datetime) => {
  const { seconds, fraction } = parse(datetime);
  return seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
};

/** @type {import('./instant.d.ts').readableTime} */
export const readableTime = (datetime, local) => {
  const millis = millisOf(datetime);
  if (!local) return new Date(millis).toISOString().replace('T', ' ');

  const ahead = -new Date(millis).getTimezoneOffset();
  const wallClock = new Date(millis + ahead * 60_000).toISOString().slice(0, -1).replace('T', ' ');
  return `${wallClock}${ahead < 0 ? '-' : '+'}${twoDigits(Math.abs(ahead) / 60)}:${twoDigits(Math.abs(ahead) % 60)}`;
};

/** @param {string} datetime */
function parse(datetime) {
  const [, minute = '', second, fraction = '', zone = ''] = RFC_3339.exec(datetime) ?? [];
  const millis = Date.parse(`${minute}${zone}`.toUpperCase());
  if (Number.isNaN(millis)) throw new RangeError(`not an RFC 3339 datetime: ${datetime}`);

  return { seconds: millis / 1000 + Number(second), fraction };
}

/** @param {number} amount */
function twoDigits(amount) {
  return String(Math.trunc(amount)).padStart(2, '0');
}
