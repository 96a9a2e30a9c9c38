import { testSeeds } from '../../support/simulate-seeds.ts';

testSeeds(1501, 500);
