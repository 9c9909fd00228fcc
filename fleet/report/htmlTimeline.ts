import { dayMs } from "../../system/durations";
import type { FleetReport } from "./documentShape";

/** Weeks that the timeline shows; what expires later is counted in its last bar. */
const weeks = 54;
const size = { width: 1080, height: 200, left: 40, bottom: 30, top: 20 } as const;

/**
 * How many certificates expire in each week, over all tenants, as a drawing. What has expired stands
 * in the first bar.
 */
export function expiryTimeline({ certificates, generated }: FleetReport): string {
  const start = Date.parse(generated);
  const bars = Array.from({ length: weeks + 2 }, () => 0);
  for (const { notAfter } of certificates) {
    const week = Math.floor((Date.parse(notAfter) - start) / (7 * dayMs));
    const at = Math.min(Math.max(week, -1), weeks) + 1;
    bars[at] = (bars[at] ?? 0) + 1;
  }
  const highest = Math.max(1, ...bars);
  const step = (size.width - size.left) / bars.length;
  const room = size.height - size.bottom - size.top;
  const drawn = bars.flatMap((count, at) => {
    const height = Math.max(count === 0 ? 0 : 2, (count / highest) * room);
    const from = new Date(start + (at - 1) * 7 * dayMs).toISOString().slice(0, 10);
    const when =
      at === 0 ? "expired" : at === weeks + 1 ? `after ${from}` : `in the week from ${from}`;
    const x = size.left + at * step;
    const label = count === 0 ? "" : `<title>${count} ${when}</title>`;
    return [
      `<rect class="${classNameOf(at)}" x="${x.toFixed(1)}" y="${(size.height - size.bottom - height).toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${height.toFixed(1)}">${label}</rect>`,
      ...(at > 0 && at < weeks && (at - 1) % 9 === 0
        ? [`<text x="${x.toFixed(1)}" y="${size.height - 8}">${from}</text>`]
        : []),
    ];
  });
  return [
    `<svg class="timeline" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Certificates by the week in which they expire">`,
    `<text x="0" y="${size.top + 4}">${highest}</text>`,
    `<line x1="${size.left}" x2="${size.width}" y1="${size.height - size.bottom}" y2="${size.height - size.bottom}"></line>`,
    ...drawn,
    "</svg>",
    '<p class="legend"><span class="expired">■</span> expired <span class="soon">■</span> within 30 days <span class="next">■</span> within 60 days <span class="later">■</span> later</p>',
  ].join("\n");
}

function classNameOf(bar: number): string {
  if (bar === 0) {
    return "expired";
  }
  const days = (bar - 1) * 7;
  return days < 30 ? "soon" : days < 60 ? "next" : "later";
}
