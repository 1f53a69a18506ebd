namespace DistTrain.FaultHarness.Faults;

/// <summary>Which faults strike, in an order that the seed decides.</summary>
static class Schedule
{
    /// <summary>Some of each kind, for every build.</summary>
    public static Queue<IFault> Short(Random random) => Mixed(random, [
        .. Several<KillWorker>(2), .. Several<KillCoordinator>(1), .. Several<LeaveAndJoin>(1),
    ]);

    /// <summary>All that the product promises to survive.</summary>
    public static Queue<IFault> Long(Random random) => Mixed(random, [
        .. Several<KillWorker>(20), .. Several<KillCoordinator>(5), .. Several<PauseWorker>(3), .. Several<PauseCoordinator>(2),
        .. Several<KillEverything>(3), .. Several<LeaveAndJoin>(10),
    ]);

    /// <summary>Links that are down for 10 s; needs a network.</summary>
    public static Queue<IFault> Partitions(Random random) => Mixed(random, [.. Several<CutWorker>(3), .. Several<CutCoordinator>(2)]);

    /// <summary>With several candidates.</summary>
    public static Queue<IFault> Successions(Random random) =>
        Mixed(random, [.. Several<KillConductor>(2), .. Several<PauseCoordinator>(1)]);

    /// <summary>With several candidates, each on a host of its own.</summary>
    public static Queue<IFault> Schisms(Random random) => Mixed(random, [.. Several<CutConductor>(2)]);

    static IEnumerable<IFault> Several<TFault>(int count) where TFault : IFault, new() =>
        Enumerable.Range(0, count).Select(_ => (IFault)new TFault());

    static Queue<IFault> Mixed(Random random, IFault[] faults)
    {
        random.Shuffle(faults);
        return new Queue<IFault>(faults);
    }
}
