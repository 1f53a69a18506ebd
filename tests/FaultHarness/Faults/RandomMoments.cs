namespace DistTrain.FaultHarness.Faults;

static class RandomMoments
{
    public static TimeSpan Between(this Random random, double least, double most) =>
        TimeSpan.FromSeconds(least + (most - least) * random.NextDouble());
}
