export const connectSources: string[];
