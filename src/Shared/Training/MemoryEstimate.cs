using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Storage;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Optimizers;
using DistTrain.Problems;

namespace DistTrain.Training;

/// <summary>What a run in one process keeps in memory at once, term by term, told before room is made for it.</summary>
/// <remarks>
/// K classes and D features make P = K·(D + 1) parameters. The terms are sizes of arrays, so that the sum can be checked by hand. Each
/// evaluation leaves vectors behind that wait to be collected: half as much again is what a heap of bounded size was measured to need.
/// </remarks>
public sealed record MemoryEstimate
{
    const int PointBytes = sizeof(double);

    /// <summary>Runtime, code and actors: the same for every run.</summary>
    const int ProgramBytes = 96 << 20;

    /// <summary>A sparse shard's logits, or a dense block's: at most so much for each worker.</summary>
    const int ScratchBytes = 4 << 20;

    /// <summary>The text that a thread reads at once, and what it finds in it.</summary>
    const int TextScratchBytes = 2 << 20;

    /// <summary>The same for LIBSVM, with a block of rows in few bytes.</summary>
    const int RereadScratchBytes = 4 << 20;

    /// <summary>Label, weight and number of a row.</summary>
    const int RowBytes = 3 * sizeof(int);

    /// <summary>A row's part, place and key while rows are ordered; later its part, place, label, number and start.</summary>
    const int OrderRowBytes = 24;

    /// <summary>A row's part, place, key, label and length, and its place in memory while it is held.</summary>
    const int RereadRowBytes = 40;

    /// <summary>A nonzero's row, where shards are kept by columns.</summary>
    const int NonzeroBytes = sizeof(ushort);

    /// <summary>A nonzero by rows (index); its row and, for most columns of a few rows have one nonzero, its column and feature in a slice.</summary>
    const int SlicedNonzeroBytes = 16;

    /// <summary>A column's offset in its panel.</summary>
    const int ColumnBytes = sizeof(ushort);

    /// <summary>A nonzero while its shard is made: rows as they grow, the rows, the columns, and those parted by panel.</summary>
    const int NonzeroBytesAtWork = 20;

    /// <summary>Its value, in all of these.</summary>
    const int ValueBytesAtWork = 20;

    /// <summary>
    /// A line search: point, trial, direction, best of the search, each with its gradient where it has one; units, and two at work.
    /// </summary>
    const int SearchCopies = 10;

    /// <summary>Minibatch optimisers: the point as kept, as read and as published, units, gradient and sums of it; moments come on top.</summary>
    const int MinibatchCopies = 6;

    /// <summary>The published numbers, their two tables of doubles and one of floats.</summary>
    const double TableCopies = 2.5;

    /// <summary>Numbers by feature and class lie in one array, some kernels' in whole vectors.</summary>
    const int ClassPadding = 8;

    const string Shards = "shards";

    readonly DatasetSize _data;

    MemoryEstimate(DatasetSize data, ImmutableArray<MemoryTerm> terms) => (_data, Terms) = (data, terms);

    public ImmutableArray<MemoryTerm> Terms { get; private init; }

    /// <summary>What shards may take that are opened from files and kept: all of them, where they fit.</summary>
    public long KeptShardBytes { get; private init; } = long.MaxValue;

    /// <summary>Bytes of the shards that are being worked on, where not all are kept; null where all must be.</summary>
    Int128? ShardBytesAtWork { get; init; }

    /// <summary>The sum.</summary>
    public Int128 Bytes => Terms.Aggregate(Int128.Zero, (sum, term) => sum + term.Bytes);

    /// <param name="workerCount">Workers in the process, each with sums of its own; at least 1.</param>
    /// <param name="datasetCount">Datasets held at once: 2 in cross-validation, the whole one and a fold's.</param>
    public static MemoryEstimate Of(DatasetSize data, TrainingOptions options, int workerCount, int datasetCount = 1)
    {
        var (features, classes) = ($"({Text(data.FeatureCount)} + 1) features", $"{Text(data.ClassCount)} classes");
        var vector = (Int128)data.ClassCount * ((long)data.FeatureCount + 1) * PointBytes;
        var copies = CopiesOf(options.Optimizer, (long)(vector / PointBytes));
        var sums = workerCount + 2;
        var rowBytes = RowBytes + data.DenseStride * sizeof(float) + data.CodedCount;
        var savedRowBytes = data.DenseStride * (sizeof(float) - sizeof(ushort));
        var saved = data.HalvedRowCount == 0 ? "" : $" − {Text(data.HalvedRowCount)} rows × {savedRowBytes} B";
        var isSliced = !options.Optimizer.IsFullBatch() || options.WarmStart is not WarmStartKind.None;
        var (nonzeroBytes, valueBytes) = isSliced ? (SlicedNonzeroBytes, 2 * sizeof(float)) : (NonzeroBytes, sizeof(float));
        var columnBytes = isSliced ? 0 : ColumnBytes;
        var rows = $"{Text(data.RowCount)} rows × {rowBytes} B{saved}{SparseText()}";
        return new MemoryEstimate(data, TermsOf())
        {
            ShardBytesAtWork = data.LargestShard is { } largest && datasetCount == 1 && options is { WarmStart: WarmStartKind.None } && options.Optimizer.IsFullBatch()
                ? ((Int128)largest.RowCount * rowBytes + (Int128)largest.NonzeroCount * (2 * sizeof(int) + sizeof(float))) * 2 * (workerCount + 1)
                : null,
        };

        ImmutableArray<MemoryTerm> TermsOf() =>
        [
            new("program", "", ProgramBytes),
            new("tables", "the input as read", data.TableBytes),
            new(Shards, datasetCount == 1 ? rows : $"({rows}) × {datasetCount} datasets",
                ((Int128)data.RowCount * rowBytes - (Int128)data.HalvedRowCount * savedRowBytes + SparseBytes()) * datasetCount),
            new("statistics", $"{features} × (2 × {classes} + 3) × {PointBytes} B",
                2 * vector + ((Int128)data.FeatureCount + 1) * 3 * PointBytes),
            new("optimiser", $"{features} × {classes} × {PointBytes} B × {copies} copies", vector * copies),
            new("parameters", $"{features} × {classes} × {PointBytes} B × {TableCopies.ToString(CultureInfo.InvariantCulture)} copies",
                vector * 5 / 2),
            new("sums", $"{features} × {classes} × {PointBytes} B × ({workerCount} workers + 2)", vector * sums),
            new("garbage", "half of optimiser, parameters and sums, until it is collected", vector * (2 * (copies + sums) + 5) / 4),
            new("closing", $"{Text(data.RowCount)} rows × {classes} × {PointBytes} B, {Text(EvaluationPoint.ClosedBytesMax)} B at most",
                Int128.Min((Int128)data.RowCount * data.ClassCount * PointBytes, EvaluationPoint.ClosedBytesMax)),
            new("scratch", $"{workerCount} workers × {Text(ScratchBytes)} B", (Int128)workerCount * ScratchBytes),
        ];

        Int128 SparseBytes() =>
            (Int128)data.NonzeroCount * nonzeroBytes + (Int128)data.ValuedNonzeroCount * valueBytes + (Int128)data.SparseColumnCount * columnBytes;

        string SparseText() => string.Concat(
            Part(data.NonzeroCount, "nonzeros", nonzeroBytes), Part(data.ValuedNonzeroCount, "values", valueBytes),
            Part(data.SparseColumnCount, "columns", columnBytes));

        static string Part(long count, string what, int bytes) => count == 0 || bytes == 0 ? "" : $" + {Text(count)} {what} × {bytes} B";
    }

    /// <summary>
    /// The same where shards that come from files are kept only as far as <paramref name="limit"/> allows, and made again when they are
    /// wanted: half of what the rest leaves is kept. Where everything fits, or nothing helps, it stays as it is.
    /// </summary>
    public MemoryEstimate Within(long limit)
    {
        if (Bytes <= limit || ShardBytesAtWork is not { } atWork) return this;
        var shards = Terms.Single(term => term.What == Shards);
        var kept = (limit - (Bytes - shards.Bytes)) / 2;
        if (kept < atWork || atWork >= shards.Bytes) return this;
        var streamed = new MemoryTerm(Shards, $"{Size(kept)} kept, {Size(atWork)} at work, the others from their files again", kept + atWork);
        return this with { Terms = Terms.Replace(shards, streamed), KeptShardBytes = (long)kept };
    }

    /// <summary>
    /// What rows in few bytes may take while they are read, before anything is known of them: a quarter of what the program leaves, for what is
    /// made of them takes more than they do.
    /// </summary>
    public static long RoomForRows(long limit) => Math.Max(0, (limit - ProgramBytes) / 4);

    /// <summary>The same where a dataset is made and nothing trained.</summary>
    public static MemoryEstimate OfPreparation(DatasetSize data) => new(data,
    [
        .. Of(data, new TrainingOptions(), workerCount: 0).Terms
            .Where(term => term.What is "program" or "tables" or Shards or "statistics"),
        new("sums", $"({Text(data.FeatureCount)} + 1) features × (2 × {Text(data.ClassCount)} classes + 2) × {PointBytes} B",
            ((Int128)data.FeatureCount + 1) * (2 * data.ClassCount + 2) * PointBytes),
    ]);

    /// <summary>The same where shards are made one after the other and dropped when they are written.</summary>
    /// <param name="degree">Shards that are made at once.</param>
    public static MemoryEstimate OfStreamedPreparation(DatasetSize data, int degree)
    {
        var shardRows = Math.Min(data.RowCount, Shard.SparseRowsMax);
        var rowBytes = data.FeatureCount * sizeof(double) + (data.DenseStride + 4) * sizeof(float) + RowBytes;
        return new(data,
        [
            .. OfPreparation(data).Terms.Where(term => term.What is "program" or "statistics" or "sums"),
            new("order", $"{Text(data.RowCount)} rows × {OrderRowBytes} B", (Int128)data.RowCount * OrderRowBytes),
            new(Shards, $"{degree} at once × {Text(shardRows)} rows × {rowBytes} B × 2", (Int128)degree * shardRows * rowBytes * 2),
        ]);
    }

    /// <summary>
    /// The same where text is read again for each group of shards that memory holds together (<see cref="KeptShardBytes"/>), and only labels
    /// and places of all rows are kept.
    /// </summary>
    /// <param name="shardRows">Rows of the largest shard.</param>
    /// <param name="degree">Threads that read.</param>
    public static MemoryEstimate OfGroupedPreparation(DatasetSize data, int shardRows, int degree, long limit)
    {
        var rowBytes = RowBytes + data.DenseStride * sizeof(float);
        ImmutableArray<MemoryTerm> others =
        [
            .. OfPreparation(data).Terms.Where(term => term.What is not Shards),
            new("order", $"{Text(data.RowCount)} rows × {OrderRowBytes} B", (Int128)data.RowCount * OrderRowBytes),
            new("scratch", $"{degree} threads × {Text(TextScratchBytes)} B", (Int128)degree * TextScratchBytes),
        ];
        var left = limit - others.Aggregate(Int128.Zero, (sum, term) => sum + term.Bytes);
        var atOnce = Int128.Max(left / ((Int128)shardRows * rowBytes), 1);
        var kept = atOnce * shardRows * rowBytes;
        var shards = new MemoryTerm(Shards, $"{Text((long)atOnce)} at once × {Text(shardRows)} rows × {rowBytes} B", kept);
        return new(data, [.. others, shards]) { KeptShardBytes = (long)kept };
    }

    /// <summary>
    /// The same where LIBSVM is read again for each group of shards whose rows memory holds together in few bytes
    /// (<see cref="KeptShardBytes"/>), and shards are made of these some at a time.
    /// </summary>
    /// <param name="data">With its largest shard, and a table without the rows.</param>
    /// <param name="shardRowBytes">What the rows of the largest shard take in few bytes.</param>
    /// <param name="degree">Threads that read, and shards that are made at once.</param>
    public static MemoryEstimate OfRereadPreparation(DatasetSize data, long shardRowBytes, int degree, long limit)
    {
        var (rowCount, nonzeroCount) = data.LargestShard ?? throw new ArgumentException("The largest shard is not known.", nameof(data));
        var rowBytes = RowBytes + sizeof(int) + data.DenseStride * sizeof(float) + data.CodedCount;
        var nonzeroBytes = NonzeroBytesAtWork + (data.ValuedNonzeroCount > 0 ? ValueBytesAtWork : 0);
        ImmutableArray<MemoryTerm> others =
        [
            .. OfPreparation(data).Terms.Where(term => term.What is not Shards),
            new("order", $"{Text(data.RowCount)} rows × {RereadRowBytes} B", (Int128)data.RowCount * RereadRowBytes),
            new("scratch", $"{degree} threads × {Text(RereadScratchBytes)} B", (Int128)degree * RereadScratchBytes),
            new(Shards, $"{degree} at once × ({Text(rowCount)} rows × {rowBytes} B + {Text(nonzeroCount)} nonzeros × {nonzeroBytes} B)",
                degree * ((Int128)rowCount * rowBytes + (Int128)nonzeroCount * nonzeroBytes)),
        ];
        var left = limit - others.Aggregate(Int128.Zero, (sum, term) => sum + term.Bytes);
        var kept = Int128.Max(left, shardRowBytes);
        return new(data, [.. others, new("rows", "of as many shards as fit", kept)]) { KeptShardBytes = (long)kept };
    }

    /// <summary>Vectors of the parameters' length, in doubles. L-BFGS keeps pairs besides, in float32: two are one.</summary>
    static int CopiesOf(OptimizerKind optimizer, long length) => optimizer switch
    {
        OptimizerKind.Gd => SearchCopies,
        OptimizerKind.Sgd => MinibatchCopies,
        OptimizerKind.Momentum or OptimizerKind.Nesterov or OptimizerKind.Adagrad => MinibatchCopies + 1,
        OptimizerKind.Adam or OptimizerKind.Adamw or OptimizerKind.Ftrl => MinibatchCopies + 2,
        _ => CurvatureHistory.PairsMax(length) + SearchCopies,
    };

    /// <summary>
    /// DT9004 where the run cannot be held, DT9005 where its parameters are too many for one array; null where it can be trained.
    /// </summary>
    /// <param name="limit">Bytes.</param>
    /// <param name="origin">Whose limit it is, as in "--memory-limit".</param>
    public Problem? ProblemWithin(long limit, string origin) =>
        Bytes > limit ? TooLarge(limit, origin)
        : ((Int128)_data.FeatureCount + 1) * (_data.ClassCount + ClassPadding) > Array.MaxLength ? TooMany()
        : null;

    Problem TooLarge(long limit, string origin) => new(
        "DT9004", ExitCode.Resources, $"memory will not suffice: {Size(Bytes)} are needed, {Size(limit)} are there ({origin})",
        [
            .. Terms.Select(term => $"{term.What,-10} {Size(term.Bytes),8}{(term.Arithmetic.Length == 0 ? "" : $" = {term.Arithmetic}")}"),
            $"{"sum",-10} {Size(Bytes),8}",
            $"fix: fewer features (--ignore), {(MayFitHalved(limit) ? "--storage bf16, " : "")}fewer --workers, an optimiser with less state, or a machine with more memory",
        ]);

    /// <summary>Dense rows in two bytes a number may be what fits.</summary>
    bool MayFitHalved(long limit) =>
        _data.HalvedRowCount == 0 && Bytes - (Int128)_data.RowCount * _data.DenseStride * (sizeof(float) - sizeof(ushort)) <= limit;

    Problem TooMany() => new(
        "DT9005", ExitCode.Resources,
        $"({Text(_data.FeatureCount)} + 1) features × {Text(_data.ClassCount)} classes are more parameters than one array holds",
        $"expected: (features + 1) × (classes + {ClassPadding}) of at most {Text(Array.MaxLength)}",
        "fix: fewer features (--ignore) or fewer classes");

    /// <summary>"1.5 GiB"; whole numbers from 100 on.</summary>
    public static string Size(Int128 bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1024 && unit < units.Length - 1; unit++) size /= 1024;
        return $"{size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>One of the terms.</summary>
/// <param name="Arithmetic">How it comes about.</param>
public sealed record MemoryTerm(string What, string Arithmetic, Int128 Bytes);
