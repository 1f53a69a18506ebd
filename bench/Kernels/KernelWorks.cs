using System.Globalization;
using DistTrain.Data.Storage;

namespace DistTrain.Bench.Kernels;

/// <summary>The shapes that are measured. Data are made when a work is come to, and let go after it.</summary>
/// <param name="share">Share of the rows that are made, in (0, 1].</param>
sealed class KernelWorks(double share)
{
    /// <param name="name">Only works whose name contains it; empty for all.</param>
    public IEnumerable<KernelWork> All(string name) =>
        new (string Name, Func<string, KernelWork> Open)[]
        {
            ("dense 1M × 128, K = 3", work => Dense(work, 1_000_000, 128, 3, 0.7, 0.95)),
            ("dense 1M × 128, K = 5", work => Dense(work, 1_000_000, 128, 5, 0.5, 0.75)),
            ("dense 1M × 128, K = 3, bf16", work => Rounded(work, 1_000_000, 128, 3, 1.5, 2)),
            ("dense 1M × 128, K = 5, bf16", work => Rounded(work, 1_000_000, 128, 5, 1.2, 1.5)),
            ("dense 1M × 128, K = 10, bf16", work => Rounded(work, 1_000_000, 128, 10, 1, 1.1)),
            ("dense 2M × 64, K = 5", work => Dense(work, 2_000_000, 64, 5, 0.5, 0.75)),
            ("dense 1M × 128, K = 10", work => ManyClasses(work, 1_000_000, 128, 10)),
            ("dense 8M × 16, K = 3", work => Dense(work, 8_000_000, 16, 3, 0.45, 0.7)),
            ("dense 8M × 16, K = 3, bf16", work => Rounded(work, 8_000_000, 16, 3, 1, 1.5)),
            ("sparse 1M × 30 of 2^20, K = 3", work => Sparse(work, 1 << 20, 3, 3, 1.5)),
            ("sparse 1M × 30 of 2^20, K = 5", work => Sparse(work, 1 << 20, 5, 4, 2)),
            ("sparse 1M × 30 of 100k, K = 3", work => Sparse(work, 100_000, 3, 1.8, 0.8)),
            ("ratings 4.2M rows, K = 3", Ratings),
            ("ratings, Adagrad by 8,192 rows, K = 3", RatingsAdagrad),
            ("online pass, 30 ones of 2^20, K = 3, one thread", OnlineRows),
        }.Where(work => work.Name.Contains(name, StringComparison.Ordinal)).Select(work => work.Open(work.Name));

    KernelWork Dense(string name, int rows, int features, int classes, double goal, double best)
    {
        var (shards, pass) = DensePass(rows, features, classes);
        return new KernelWork(name, pass.Run, new ShareOfRead(shards, goal, best));
    }

    KernelWork ManyClasses(string name, int rows, int features, int classes)
    {
        var (_, pass) = DensePass(rows, features, classes);
        return new KernelWork(name, pass.Run, new ShareOfPeak(4.0 * RowsOf(rows) * features * (classes - 1), 0.4, 0.65));
    }

    KernelWork Rounded(string name, int rows, int features, int classes, double goal, double best)
    {
        var (_, whole) = DensePass(rows, features, classes);
        var (_, rounded) = DensePass(rows, features, classes, DenseFormat.Bf16);
        return new KernelWork(name, rounded.Run, new TimesAsFast("float32", whole.Run, goal, best));
    }

    (Shard[] Shards, GradientPass Pass) DensePass(int rows, int features, int classes, DenseFormat format = DenseFormat.Full)
    {
        var layout = SyntheticShards.DenseLayout(features);
        var shards = SyntheticShards.Dense(RowsOf(rows), features, classes, ShardPlan.DefaultCount(RowsOf(rows), layout, classes), format);
        return (shards, new GradientPass(shards, layout, classes, absoluteSum: 4.0 * rows));
    }

    KernelWork Sparse(string name, int features, int classes, double goal, double best)
    {
        const int perRow = 30;
        // Whole shards: how many nonzeros a feature has in one of them is what the layout lives on.
        var rows = Math.Max(2, (int)(16 * share)) * Shard.SparseRowsMax;
        var layout = SyntheticShards.SparseLayout(features);
        var shards = SyntheticShards.Sparse(rows, features, perRow, classes, ShardPlan.DefaultCount(rows, layout, classes));
        var pass = new GradientPass(shards, layout, classes, absoluteSum: 2.0 * rows);
        return new KernelWork(name, pass.Run, new TimePerNonzero((double)rows * perRow, goal, best));
    }

    KernelWork Ratings(string name)
    {
        var ratings = new RatingsRows(RowsOf(RatingsRows.FullCount));
        var pass = new GradientPass([.. ratings.ToShards()], RatingsRows.Layout, RatingsRows.ClassCount, absoluteSum: ratings.Count);
        return new KernelWork(name, pass.Run, new RowsPerSecond(ratings.Count, 80, 200));
    }

    KernelWork RatingsAdagrad(string name)
    {
        var steps = new RatingsSteps(new RatingsRows(RowsOf(RatingsRows.FullCount)));
        return new KernelWork(name, steps.Run, new RowsPerSecond(RatingsSteps.StepsPerRun * RatingsSteps.BatchRows, 25, 100))
        {
            Note = () => $"update {steps.UpdateShare:0.00} of dense (goal 0.25); {steps.AllocatedBytes >> 10} KiB allocated a step",
        };
    }

    KernelWork OnlineRows(string name)
    {
        var pass = new OnlineRun(Math.Min(Shard.SparseRowsMax, RowsOf(Shard.SparseRowsMax)), featureCount: 1 << 20, perRow: 30);
        return new KernelWork(name, pass.Run, new RowsPerSecond(pass.RowCount, 4, 8))
        {
            Note = () => string.Create(CultureInfo.InvariantCulture, $"each record read and written once, and nothing else: {pass.RowsPerSecondOfMemory / 1e6:0.0} M rows/s"),
        };
    }

    int RowsOf(int rows) => (int)(rows * share);
}
