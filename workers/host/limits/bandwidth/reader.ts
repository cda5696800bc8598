/** A thread that reads. */
import { serve } from '#core/callee';
import { readMemory, type ReaderMethods } from './read-memory';

serve<ReaderMethods>(self, { read: async (order) => readMemory(order) });
