using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Training.Simulation;

/// <summary>What a simulation does to its workers and messages; all of it ends when the weather clears.</summary>
public sealed record Fates
{
    public required ulong Seed { get; init; }

    public int WorkerCount { get; init; } = 3;

    /// <summary>Chance of a message to be lost.</summary>
    public double Loss { get; init; }

    /// <summary>Chance of a message to come twice.</summary>
    public double Repetition { get; init; }

    /// <summary>Longest time that a message takes.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest time that a shard takes; some take a hundred times as long.</summary>
    public TimeSpan ShardTimeMax { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Chance of a shard to take a hundred times as long.</summary>
    public double Lateness { get; init; }

    /// <summary>Chance of a worker to die while it computes a shard; it comes back later.</summary>
    public double Death { get; init; }

    /// <summary>Chance of a worker to swallow a lease without a word.</summary>
    public double Silence { get; init; }

    /// <summary>Chance of a shard to fail on a worker.</summary>
    public double Failure { get; init; }

    /// <summary>Chance of a shard to be computed wrongly by the first worker.</summary>
    public double Fault { get; init; }

    /// <summary>
    /// So many of the first workers say that they compute and hear that the term goes on, and their sums never arrive, in whatever weather.
    /// </summary>
    public int CutOffCount { get; init; }

    /// <summary>From then on messages arrive, and workers live and answer.</summary>
    public TimeSpan ClearsAt { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Workers that die with the weather's end never come back: nobody is left.</summary>
    public bool AllDie { get; init; }

    /// <summary>Fates of all kinds and strengths.</summary>
    public static Fates Of(ulong seed)
    {
        var random = new CounterRandom(seed, 99);
        return new Fates
        {
            Seed = seed,
            WorkerCount = 1 + random.NextInt32(7),
            Loss = Sometimes(ref random, 0.2),
            Repetition = Sometimes(ref random, 0.4),
            Lateness = Sometimes(ref random, 0.1),
            Death = Sometimes(ref random, 0.05),
            Silence = Sometimes(ref random, 0.3),
            Failure = Sometimes(ref random, 0.02),
        };
    }

    static double Sometimes(ref CounterRandom random, double most) => random.NextInt32(2) * random.NextDouble() * most;
}
