import { testSeeds } from '../../support/simulate-seeds.ts';

testSeeds(501, 500);
