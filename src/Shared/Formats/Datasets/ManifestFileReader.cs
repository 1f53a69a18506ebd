using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Input;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>Reads manifest.json, and refuses what it does not wholly understand.</summary>
/// <param name="json">The file.</param>
/// <param name="refuse">Makes the exception for a sentence about it.</param>
sealed class ManifestFileReader(JsonFields json, Func<string, DistTrainException> refuse)
{
    /// <summary>All that the file says; numbers per feature are missing still.</summary>
    /// <param name="shown">The file's name in messages.</param>
    /// <exception cref="DistTrainException">DT4702, DT4703.</exception>
    public static ManifestText Read(ReadOnlyMemory<byte> file, string shown)
    {
        DistTrainException Refuse(string what) => StoredProblems.ManifestDamaged(shown, what).AsException();

        JsonTexts.RequireUnicode(file.Span, Refuse);
        var json = JsonFields.Parse(file, Refuse);
        if (json.Text("format") != ManifestFile.FormatName) throw Refuse("not the manifest of a dataset");
        if (json.Integer("formatVersion") is not ManifestFile.FormatVersion and var version)
            throw StoredProblems.OtherFormat(shown, version).AsException();
        return new ManifestFileReader(json, Refuse).Read();
    }

    ManifestText Read()
    {
        var (classes, weights) = ReadClasses(json.Objects("classes"));
        ImmutableArray<StoredColumn> columns = [.. json.Objects("columns").Select(ReadColumn)];
        var (training, validation) = (ReadShards("training"), ReadShards("validation"));
        var (layout, rounding) = ReadLayout(json.Object("layout"), columns.Sum(column => (long)column.FeatureCount));
        var manifest = new DatasetManifest
        {
            Fingerprint = ReadHash(json, "fingerprint"),
            Seed = json.Unsigned("seed"),
            Layout = layout,
            Rounding = rounding,
            ClassCount = classes.Active.Length,
            InactiveClasses = classes.Inactive,
            TrainingRows = [.. training.Select(shard => shard.RowCount)],
            ValidationRows = [.. validation.Select(shard => shard.RowCount)],
            TrainingHashes = [.. training.Select(shard => shard.RowsHash)],
            ValidationHashes = [.. validation.Select(shard => shard.RowsHash)],
            WeightSum = AtLeast(0, json.Number("weightSum"), "weightSum"),
            ValidationWeightSum = AtLeast(0, json.Number("validationWeightSum"), "validationWeightSum"),
            ClassWeights = weights,
            AbsoluteSums = [],
            Sums = [],
            SquareSums = [],
            ClassFeatureSums = [],
            ClassSquareSums = [],
        };
        var files = new StoredFiles(
            ReadFile(json.Object("features")), ReadFile(json.Object("statistics")),
            ReadFile(json.Object("classStatistics")),
            [.. training.Select(shard => shard.File)], [.. validation.Select(shard => shard.File)]);
        var origin = ReadOrigin(json.Object("origin"));
        json.End();
        RequireRows(manifest.TrainingRows);
        RequireRows(manifest.ValidationRows);
        RequireDifferentNames(files);
        return new ManifestText(manifest, classes, columns, files, origin);
    }

    (ClassList Classes, ImmutableArray<double> ActiveWeights) ReadClasses(ImmutableArray<JsonFields> entries)
    {
        var (names, weights, active) = (new List<string>(), new List<double>(), new List<int>());
        foreach (var entry in entries)
        {
            if (entry.OptionalNumber("trainingWeight") is { } weight)
            {
                if (weight <= 0) throw refuse("the training weight of a class is not above 0");
                active.Add(names.Count);
                weights.Add(weight);
            }
            names.Add(entry.Text("name"));
            entry.End();
        }
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) throw refuse("two classes have the same name");
        if (active.Count < 2) throw refuse("fewer than two classes have training weight");
        return (new ClassList([.. names], [.. active]), [.. weights]);
    }

    StoredColumn ReadColumn(JsonFields column)
    {
        var kind = KindOf<StoredColumnKind>(column.Text("kind"));
        var read = new StoredColumn(
            kind, column.Text("name"), Count(column, "features", 0),
            kind == StoredColumnKind.Numeric ? column.OptionalNumber("missingValue") : null,
            kind == StoredColumnKind.Indexed ? Count(column, "indexBase", 0) : 0);
        column.End();
        if (read.IndexBase > 1) throw refuse($"index base {read.IndexBase}");
        return kind == StoredColumnKind.Numeric && read.FeatureCount != (read.MissingValue is null ? 1 : 2)
            ? throw refuse($"column \"{read.Name}\" of numbers has {read.FeatureCount} features")
            : read;
    }

    (FeatureLayout Layout, RoundingSums Rounding) ReadLayout(JsonFields layout, long featureCount)
    {
        var (dense, sparse) = (Count(layout, "dense", 0), Count(layout, "sparse", 0));
        var coded = ImmutableArray.CreateBuilder<CodedColumnLayout>();
        long first = dense;
        foreach (var entry in layout.Objects("coded"))
        {
            var column = new CodedColumnLayout(KindOf<CodeKind>(entry.Text("kind")), (int)Math.Min(first, int.MaxValue), Count(entry, "features", 1));
            entry.End();
            if (column.FeatureCount > (column.Kind == CodeKind.Level ? byte.MaxValue : 8)) throw refuse("a coded column has too many features");
            coded.Add(column);
            first += column.FeatureCount;
        }
        if (first + sparse != featureCount || featureCount > int.MaxValue) throw refuse("layout and columns differ in their features");
        var (format, rounding) = layout.Has("rounding") ? ReadRounding(layout.Object("rounding")) : default;
        if (format != DenseFormat.Full && dense == 0) throw refuse("no dense column could be rounded");
        var read = new FeatureLayout(dense, coded.ToImmutable(), sparse, [], []) { TrainingFormat = format };
        if (Count(layout, "denseStride", 0) != read.DenseStride) throw refuse("dense rows are of another width");
        layout.End();
        return (read, rounding);
    }

    (DenseFormat Format, RoundingSums Rounding) ReadRounding(JsonFields rounding)
    {
        var word = rounding.Text("format");
        var read = new RoundingSums(rounding.Integer("squareSum"), Count(rounding, "largest", 0));
        rounding.End();
        if (read.SquareSum < 0) throw refuse($"\"squareSum\" is {read.SquareSum}");
        return Words.DenseFormatOf(word) is { } format and not DenseFormat.Full
            ? (format, read)
            : throw refuse($"format \"{word}\" of rounded rows is not known");
    }

    ImmutableArray<(int RowCount, string RowsHash, StoredFile File)> ReadShards(string name) =>
        [.. json.Objects(name).Select(shard => (Count(shard, "rows", 1), ReadHash(shard, "rowsSha256"), ReadFile(shard)))];

    StoredFile ReadFile(JsonFields file)
    {
        var read = new StoredFile(file.Text("file"), file.Integer("bytes"), ReadHash(file, "sha256"));
        file.End();
        if (read.Bytes < 1) throw refuse($"{read.Name} has {read.Bytes} bytes");
        return IsName(read.Name) ? read : throw refuse($"\"{read.Name}\" is not the name of a file of a dataset");
    }

    DatasetOrigin ReadOrigin(JsonFields origin)
    {
        var input = new ModelInput(
            origin.OptionalText("label"), origin.OptionalText("weight"),
            origin.OptionalText("format"), origin.OptionalText("delimiter"), origin.OptionalText("encoding"));
        var read = new DatasetOrigin(
            origin.Text("productVersion"), input, origin.OptionalText("synthetic"), [.. origin.Objects("files").Select(ReadSource)]);
        origin.End();
        if (input.Format is { } word && Words.FormatOf(word) is null) throw refuse($"input format \"{word}\" is not known");
        if (input.Encoding is { } encoding && TextEncoding.Find(encoding) is null) throw refuse($"encoding \"{encoding}\" is not known");
        return read;
    }

    static TableFile ReadSource(JsonFields file)
    {
        var read = new TableFile(file.Text("name"), 0, file.Text("sha256"));
        file.End();
        return read;
    }

    void RequireRows(ImmutableArray<int> rows)
    {
        if (rows.Sum(count => (long)count) > int.MaxValue) throw refuse("there are more rows than a dataset can have");
    }

    void RequireDifferentNames(StoredFiles files)
    {
        var names = files.All.Select(file => file.Name).ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) throw refuse("two files have the same name");
    }

    T KindOf<T>(string word) where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(kind => ManifestFile.WordOf(kind!.Value) == word) ?? throw refuse($"kind \"{word}\" is not known");

    int Count(JsonFields fields, string name, int least) => fields.Integer(name) is var count && count >= least && count <= int.MaxValue
        ? (int)count
        : throw refuse($"\"{name}\" is {count}");

    double AtLeast(double least, double found, string name) => found >= least
        ? found
        : throw refuse(FormattableString.Invariant($"\"{name}\" is {found}"));

    string ReadHash(JsonFields fields, string name) =>
        fields.Text(name) is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower) ? hash : throw refuse($"\"{name}\" is not a SHA-256");

    /// <summary>Nothing that leads out of the folder.</summary>
    static bool IsName(string name) =>
        name.EndsWith(".arrow", StringComparison.Ordinal) && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
