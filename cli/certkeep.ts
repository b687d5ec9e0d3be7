#!/usr/bin/env node
import { certkeep } from './program.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await certkeep(process.argv.slice(2), processTerminal());
