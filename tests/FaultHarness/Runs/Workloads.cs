namespace DistTrain.FaultHarness.Runs;

/// <summary>What the harness trains.</summary>
static class Workloads
{
    const string FullBatch = "--optimizer lbfgs --max-steps 12 --tolerance 0";
    const string Minibatch = "--optimizer adam --epochs 2 --batch-size 4096";

    /// <summary>Steps follow one another so fast that every moment is in the middle of something.</summary>
    public static IReadOnlyList<Workload> ToDisturb { get; } =
    [
        new Workload("preferences", "sample:preferences,rows=2000000", "--shards", "64").With(
            "lbfgs", "--optimizer lbfgs --max-steps 300 --tolerance 0 --checkpoint-every 5steps"),
        new Workload("sparse", "sample:sparse,rows=100000,features=1048576", "--shards", "32").With(
            "adam", "--optimizer adam --epochs 40 --batch-size 2048 --checkpoint-every 20steps"),
    ];

    /// <summary>Like the others, of some seconds.</summary>
    public static Workload ToDisturbShortly { get; } = new Workload("preferences", "sample:preferences,rows=200000", "--shards", "32").With(
        "lbfgs", "--optimizer lbfgs --max-steps 150 --tolerance 0 --checkpoint-every 5steps");

    /// <summary>Every input with a full-batch and a minibatch optimiser.</summary>
    /// <param name="nursery">The nursery table, where there is one.</param>
    public static IEnumerable<Workload> ToCompare(string? nursery)
    {
        Workload[] inputs = nursery is null ? [Preferences, Sparse] : [Nursery(nursery), Preferences, Sparse];
        return inputs.SelectMany(input => new[] { input.With("lbfgs", FullBatch), input.With("adam", Minibatch) });
    }

    /// <summary>Dense features and all rows; sparse ones and batches.</summary>
    public static IReadOnlyList<Workload> ToCompareShortly { get; } =
        [Preferences.With("lbfgs", FullBatch), Sparse.With("adam", Minibatch)];

    static Workload Preferences => new("preferences", "sample:preferences,rows=60000");

    static Workload Sparse => new("sparse 2^20", "sample:sparse,rows=20000,features=1048576");

    static Workload Nursery(string file) => new("nursery", file, "--label", "class", "--shards", "16");
}
