import { testSeeds } from '../../support/simulate-seeds.ts';

testSeeds(1001, 500);
