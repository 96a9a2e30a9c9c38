import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/device/system-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('calls back once, on time, on both clocks', () => {
  const callback = vi.fn();
  const [startMs, startEpochMs] = [systemClock.nowMs(), systemClock.epochMs()];
  systemClock.startTimer(500, callback);
  vi.advanceTimersByTime(499);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10_000);
  expect(callback).toHaveBeenCalledOnce();
  expect([systemClock.nowMs() - startMs, systemClock.epochMs() - startEpochMs]).toEqual([10_500, 10_500]);
});

test('does not call back when it was called off', () => {
  const callback = vi.fn();
  systemClock.startTimer(500, callback)();
  vi.advanceTimersByTime(1000);
  expect(callback).not.toHaveBeenCalled();
});

test('waits longer than setTimeout can, and can be called off in the middle', () => {
  const [called, calledOff] = [vi.fn(), vi.fn()];
  const sixtyDaysMs = 60 * 24 * 3600 * 1000;
  systemClock.startTimer(sixtyDaysMs, called);
  const callOff = systemClock.startTimer(sixtyDaysMs, calledOff);
  vi.advanceTimersByTime(sixtyDaysMs - 1);
  expect(called).not.toHaveBeenCalled();
  callOff();
  vi.advanceTimersByTime(1);
  expect(called).toHaveBeenCalledOnce();
  expect(calledOff).not.toHaveBeenCalled();
});
