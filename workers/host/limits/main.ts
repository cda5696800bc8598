/** Lives for one answer: what it reserved is free when it ends. */
import { serve } from '#core/callee';
import type { MeasureMethods } from '#core/methods';
import { bandwidth } from './bandwidth/bandwidth';
import { inspect } from './inspect';
import { measure } from './measure';

serve<MeasureMethods>(self, { measure, inspect, bandwidth });
