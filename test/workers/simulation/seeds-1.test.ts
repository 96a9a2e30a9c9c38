import { testSeeds } from '../../support/simulate-seeds.ts';

testSeeds(1, 500);
