using DistTrain.Data.Storage;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class MemoryEstimateTests
{
    static readonly DatasetSize Size = new()
    {
        FeatureCount = 99,
        ClassCount = 3,
        RowCount = 1000,
        DenseStride = 8,
        CodedCount = 2,
        NonzeroCount = 5000,
        ValuedNonzeroCount = 3000,
        SparseColumnCount = 700,
        TableBytes = 12_345,
    };

    /// <summary>By hand: P = 3·(99 + 1) = 300 numbers, 2,400 bytes.</summary>
    [Fact]
    public void Terms_are_those_of_a_calculation_by_hand()
    {
        var estimate = MemoryEstimate.Of(Size, new TrainingOptions(), workerCount: 4);

        Assert.Equal(
            [
                ("program", 100_663_296),
                ("tables", 12_345),
                ("shards", 1000 * (12 + 32 + 2) + 5000 * 2 + 3000 * 4 + 700 * 2),
                ("statistics", 2 * 2400 + 100 * 3 * 8),
                ("optimiser", 2400 * 20),
                ("parameters", 6000),
                ("sums", 2400 * 6),
                ("garbage", 34_200),
                ("closing", 1000 * 3 * 8),
                ("scratch", 4 * 4_194_304),
            ],
            estimate.Terms.Select(term => (term.What, (int)term.Bytes)));
        Assert.Equal(estimate.Terms.Sum(term => (long)term.Bytes), (long)estimate.Bytes);
    }

    [Theory]
    [InlineData(OptimizerKind.Gd, 10)]
    [InlineData(OptimizerKind.Sgd, 6)]
    [InlineData(OptimizerKind.Momentum, 7)]
    [InlineData(OptimizerKind.Nesterov, 7)]
    [InlineData(OptimizerKind.Adagrad, 7)]
    [InlineData(OptimizerKind.Adam, 8)]
    [InlineData(OptimizerKind.Adamw, 8)]
    [InlineData(OptimizerKind.Ftrl, 8)]
    public void Other_optimisers_keep_less_than_lbfgs(OptimizerKind kind, int copies)
    {
        var estimate = MemoryEstimate.Of(Size, new TrainingOptions { Optimizer = kind }, workerCount: 1);
        Assert.Equal(2400 * copies, (int)estimate.Terms.Single(term => term.What == "optimiser").Bytes);
    }

    [Fact]
    public void Rounded_rows_take_half_the_bytes_of_their_dense_numbers()
    {
        var shards = MemoryEstimate.Of(Size with { HalvedRowCount = 900 }, new TrainingOptions(), workerCount: 1).Terms.Single(
            term => term.What == "shards");

        Assert.Equal(1000 * (12 + 32 + 2) - 900 * 16 + 23_400, (int)shards.Bytes);
        Assert.Equal("1,000 rows × 46 B − 900 rows × 16 B + 5,000 nonzeros × 2 B + 3,000 values × 4 B + 700 columns × 2 B", shards.Arithmetic);
    }

    /// <summary>By rows and as slices: 16 bytes and two values; columns are not counted besides.</summary>
    [Theory]
    [InlineData(OptimizerKind.Adam, WarmStartKind.None)]
    [InlineData(OptimizerKind.Lbfgs, WarmStartKind.Online)]
    public void Who_reads_slices_holds_sparse_rows_twice(OptimizerKind optimizer, WarmStartKind warmStart)
    {
        var shards = MemoryEstimate.Of(Size, new TrainingOptions { Optimizer = optimizer, WarmStart = warmStart }, workerCount: 1).Terms.Single(
            term => term.What == "shards");

        Assert.Equal(
            ("1,000 rows × 46 B + 5,000 nonzeros × 16 B + 3,000 values × 8 B", 46_000 + 80_000 + 24_000), (shards.Arithmetic, (int)shards.Bytes));
    }

    /// <summary>What is not rows to be read again is counted; the rest of the limit is theirs.</summary>
    [Fact]
    public void Rows_that_are_read_again_take_what_the_limit_leaves()
    {
        var size = Size with { LargestShard = (500, 2500) };
        var estimate = MemoryEstimate.OfRereadPreparation(size, shardRowBytes: 1000, degree: 2, limit: 120 << 20);

        Assert.Equal(
            [
                ("program", 100_663_296), ("tables", 12_345), ("statistics", 2 * 2400 + 100 * 3 * 8), ("sums", 100 * 8 * 8),
                ("order", 40_000), ("scratch", 2 * 4_194_304), ("shards", 2 * (500 * (12 + 4 + 32 + 2) + 2500 * 40)),
                ("rows", (int)estimate.KeptShardBytes),
            ],
            estimate.Terms.Select(term => (term.What, (int)term.Bytes)));
        Assert.Equal(120 << 20, (long)estimate.Bytes);
        Assert.Equal(1000, MemoryEstimate.OfRereadPreparation(size, shardRowBytes: 1000, degree: 2, limit: 1).KeptShardBytes);
    }

    [Fact]
    public void Cross_validation_holds_two_datasets()
    {
        var shards = MemoryEstimate.Of(Size, new TrainingOptions(), workerCount: 1, datasetCount: 2).Terms.Single(
            term => term.What == "shards");
        Assert.Equal(("(1,000 rows × 46 B + 5,000 nonzeros × 2 B + 3,000 values × 4 B + 700 columns × 2 B) × 2 datasets", 138_800), (shards.Arithmetic, (int)shards.Bytes));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_sum_term_by_term()
    {
        var wide = Size with { FeatureCount = 9_999_999, ClassCount = 100 };
        var problem = MemoryEstimate.Of(wide, new TrainingOptions(), workerCount: 2).ProblemWithin(16L << 30, "--memory-limit")!;

        Assert.Equal(
            ("DT9004", ExitCode.Resources, "memory will not suffice: 256 GiB are needed, 16.0 GiB are there (--memory-limit)"),
            (problem.Code, problem.ExitCode, problem.Message));
        Assert.Equal(
            [
                "program    96.0 MiB",
                "tables     12.1 KiB = the input as read",
                "shards     67.8 KiB = 1,000 rows × 46 B + 5,000 nonzeros × 2 B + 3,000 values × 4 B + 700 columns × 2 B",
                "statistics 15.1 GiB = (9,999,999 + 1) features × (2 × 100 classes + 3) × 8 B",
                "optimiser   112 GiB = (9,999,999 + 1) features × 100 classes × 8 B × 15 copies",
                "parameters 18.6 GiB = (9,999,999 + 1) features × 100 classes × 8 B × 2.5 copies",
                "sums       29.8 GiB = (9,999,999 + 1) features × 100 classes × 8 B × (2 workers + 2)",
                "garbage    80.1 GiB = half of optimiser, parameters and sums, until it is collected",
                "closing     781 KiB = 1,000 rows × 100 classes × 8 B, 67,108,864 B at most",
                "scratch     8.0 MiB = 2 workers × 4,194,304 B",
                "sum         256 GiB",
                "fix: fewer features (--ignore), fewer --workers, an optimiser with less state, or a machine with more memory",
            ],
            problem.Details);
    }

    [Fact]
    public void Rounded_rows_are_named_where_they_may_fit()
    {
        var estimate = MemoryEstimate.Of(Size with { RowCount = 1_000_000 }, new TrainingOptions(), workerCount: 1);

        Assert.Contains("--storage bf16", FixWithin(8_000_000), StringComparison.Ordinal);
        Assert.DoesNotContain("--storage bf16", FixWithin(17_000_000), StringComparison.Ordinal);

        string FixWithin(long less) => estimate.ProblemWithin((long)estimate.Bytes - less, "here")!.Details[^1];
    }

    [Fact]
    public void The_limit_itself_suffices()
    {
        var estimate = MemoryEstimate.Of(Size, new TrainingOptions(), workerCount: 1);

        Assert.Null(estimate.ProblemWithin((long)estimate.Bytes, "here"));
        Assert.Equal("DT9004", estimate.ProblemWithin((long)estimate.Bytes - 1, "here")?.Code);
    }

    [Fact]
    public void More_parameters_than_an_array_holds_are_refused_whatever_the_memory()
    {
        var estimate = MemoryEstimate.Of(
            Size with { FeatureCount = int.MaxValue, ClassCount = int.MaxValue }, new TrainingOptions(), workerCount: 1);
        Assert.Equal("DT9004", estimate.ProblemWithin(long.MaxValue, "here")?.Code);

        var problem = MemoryEstimate.Of(Size with { FeatureCount = 20_000_000, ClassCount = 100 }, new TrainingOptions(), 1)
            .ProblemWithin(long.MaxValue, "here")!;
        Assert.Equal(
            ("DT9005", "(20,000,000 + 1) features × 100 classes are more parameters than one array holds"), (problem.Code, problem.Message));
        Assert.Equal(["expected: (features + 1) × (classes + 8) of at most 2,147,483,591", "fix: fewer features (--ignore) or fewer classes"], problem.Details);
    }

    [Theory, InlineData(0, "0 B"), InlineData(1023, "1023 B"), InlineData(1024, "1.0 KiB"), InlineData(102_400, "100 KiB"), InlineData(1_610_612_736, "1.5 GiB")]
    public void Sizes_are_short(long bytes, string text) => Assert.Equal(text, MemoryEstimate.Size(bytes));

    [Fact]
    public void Shards_from_files_are_kept_as_far_as_half_of_what_the_rest_leaves()
    {
        var size = Size with { RowCount = 10_000_000, LargestShard = (65_536, 0), NonzeroCount = 0, ValuedNonzeroCount = 0, SparseColumnCount = 0, TableBytes = 0 };
        var whole = MemoryEstimate.Of(size, new TrainingOptions(), workerCount: 1);
        var others = (long)(whole.Bytes - whole.Terms.Single(term => term.What == "shards").Bytes);
        var limit = others + (100 << 20);

        var streamed = whole.Within(limit);

        Assert.Null(streamed.ProblemWithin(limit, "here"));
        Assert.Equal(50 << 20, streamed.KeptShardBytes);
        Assert.Equal(
            ("50.0 MiB kept, 11.5 MiB at work, the others from their files again", (50 << 20) + 65_536 * 46 * 4),
            (streamed.Terms[2].Arithmetic, (int)streamed.Terms[2].Bytes));
    }

    [Theory]
    [InlineData(OptimizerKind.Adam, 100 << 20)]
    [InlineData(OptimizerKind.Lbfgs, 22 << 20)]
    public void What_cannot_be_streamed_is_refused_as_a_whole(OptimizerKind optimizer, int room)
    {
        var size = Size with { RowCount = 10_000_000, LargestShard = (65_536, 0), NonzeroCount = 0, ValuedNonzeroCount = 0, SparseColumnCount = 0 };
        var whole = MemoryEstimate.Of(size, new TrainingOptions { Optimizer = optimizer }, workerCount: 1);
        var limit = (long)(whole.Bytes - whole.Terms.Single(term => term.What == "shards").Bytes) + room;

        Assert.Same(whole, whole.Within(limit));
        Assert.Equal("DT9004", whole.ProblemWithin(limit, "here")?.Code);
    }
}
