namespace DistTrain.Numerics;

/// <summary>Seeded permutations, a pure function of their arguments.</summary>
public static class Permutation
{
    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in the order of (seed, stream), by Fisher and Yates.</summary>
    public static int[] Of(int count, ulong seed, ulong stream)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;

        var random = new CounterRandom(seed, stream);
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
