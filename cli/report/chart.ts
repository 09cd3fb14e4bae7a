import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Figure, weekdays } from './figures.ts';

use([BarChart, HeatmapChart, LineChart, GridComponent, LegendComponent, VisualMapComponent, SVGRenderer]);

/** Narrow enough for its letters to be read on a phone. */
const size = { width: 320, height: 230 };
const colors = ['#3566d6', '#e0a33a', '#2c9a68', '#b84a62'];

/** The columns of a figure, by their heads, against its first one: bars beside each other, or lines. */
export function plot({ heads, rows }: Figure, names: string[], kind: 'bar' | 'line'): string {
  const labels = rows.map(([label]) => String(label));
  const series = names.map((name) => ({ name, type: kind, data: rows.map((row) => row[heads.indexOf(name)] ?? null) }));
  return render({
    legend: { top: 0, itemHeight: 10 },
    xAxis: { type: 'category', data: labels, axisLabel: { hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1 },
    series,
  });
}

/** Bars that lie, for labels that are long; the largest on top. */
export function plotLying(labels: string[], values: number[]): string {
  return render({
    xAxis: { type: 'value', minInterval: 1 },
    yAxis: { type: 'category', data: labels.toReversed() },
    series: [{ type: 'bar', data: values.toReversed() }],
  });
}

/** Hours of the day against weekdays, the more the darker. */
export function plotWeek({ rows }: Figure): string {
  const data = rows.flatMap(([, ...counts], hour) =>
    counts.map((count, weekday) => [hour, 6 - weekday, Number(count)]),
  );
  const max = Math.max(1, ...data.map(([, , count]) => count ?? 0));
  return render({
    xAxis: { type: 'category', data: rows.map(([hour]) => String(hour)) },
    yAxis: { type: 'category', data: weekdays.toReversed() },
    visualMap: { show: false, min: 0, max, inRange: { color: ['#f0f3fb', '#3566d6'] } },
    series: [{ type: 'heatmap', data }],
  });
}

function render(option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({
    animation: false,
    color: colors,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 12, right: 16, top: 36, bottom: 28 },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
