using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables.Input;
using DistTrain.Learning.Metrics;
using DistTrain.Problems;

namespace DistTrain.Formats;

/// <summary>Reads a model's two files, and refuses what it does not wholly understand.</summary>
public static class ModelFileReader
{
    /// <summary>The model in model.json (<paramref name="description"/>) and parameters.safetensors.</summary>
    /// <param name="descriptionName">The first file's name in messages.</param>
    /// <param name="parametersName">The second's.</param>
    /// <exception cref="DistTrainException">DT7001 to DT7004, exit 7.</exception>
    public static SavedModel Read(Stream description, string descriptionName, Stream parameters, string parametersName)
    {
        DistTrainException Refuse(string what) => Unreadable("DT7002", descriptionName, what);

        var bytes = AllBytes(description);
        JsonTexts.RequireUnicode(bytes, Refuse);
        var json = JsonFields.Parse(bytes, Refuse);
        RequireFormat(json, descriptionName, Refuse);
        var hash = json.Text("parametersSha256");
        var (weights, intercepts) = ParametersFile.Read(parameters, parametersName);
        var (classes, trainingWeights, classWeights) = ReadClasses(json.Objects("classes"), Refuse);
        var model = new SavedModel
        {
            Schema = new FeatureSchema([.. json.Objects("columns").Select(column => ReadColumn(column, Refuse))]),
            Classes = classes,
            TrainingClassWeights = trainingWeights,
            ClassWeights = classWeights,
            Temperature = ReadTemperature(json, Refuse),
            Input = ReadInput(json.Object("input"), Refuse),
            Origin = ReadOrigin(json.Object("origin"), Refuse),
            Weights = weights,
            Intercepts = intercepts,
        };
        json.End();
        RequireFit(model, hash, parametersName);
        return model;
    }

    static void RequireFormat(JsonFields json, string name, Func<string, DistTrainException> refuse)
    {
        if (json.Text("format") != ModelFile.FormatName) throw refuse("not the description of a model");
        var version = json.Integer("formatVersion");
        if (version != ModelFile.FormatVersion)
            throw Unreadable("DT7003", name, $"format version {version}, but this version reads {ModelFile.FormatVersion}");
    }

    static void RequireFit(SavedModel model, string hash, string parametersName)
    {
        var (classes, features) = (model.Classes.Count, model.Schema.FeatureCount);
        if (model.Intercepts.Length != classes || model.Weights.Length != (long)classes * features)
        {
            throw Unreadable("DT7004", parametersName,
                $"{model.Intercepts.Length} classes and {model.Weights.Length} weights, " +
                $"but model.json describes {classes} classes of {features} features");
        }
        if (model.ParametersSha256 != hash)
            throw Unreadable("DT7004", parametersName, "the numbers are not those that model.json names by their SHA-256");
    }

    static (ClassList, ImmutableArray<double> TrainingWeights, ImmutableArray<double> ClassWeights) ReadClasses(
        ImmutableArray<JsonFields> classes, Func<string, DistTrainException> refuse)
    {
        var (names, weights, factors, active) = (new List<string>(), new List<double>(), new List<double>(), new List<int>());
        foreach (var entry in classes)
        {
            if (entry.Flag("active")) active.Add(names.Count);
            names.Add(entry.Text("name"));
            weights.Add(entry.Number("trainingWeight"));
            factors.Add(entry.OptionalNumber("classWeight") ?? 1);
            entry.End();
        }
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) throw refuse("two classes have the same name");
        if (active.Count < 2) throw refuse("fewer than two active classes");
        if (factors.Any(factor => factor <= 0)) throw refuse("a class weight is not above 0");
        return (new ClassList([.. names], [.. active]), [.. weights], factors.All(factor => factor == 1) ? [] : [.. factors]);
    }

    static double? ReadTemperature(JsonFields json, Func<string, DistTrainException> refuse) => json.OptionalNumber("temperature") switch
    {
        null => null,
        >= TemperatureSearch.TemperatureMin and <= TemperatureSearch.TemperatureMax and var temperature => temperature,
        var other => throw refuse(FormattableString.Invariant(
            $"temperature {other} is not from {TemperatureSearch.TemperatureMin} to {TemperatureSearch.TemperatureMax}")),
    };

    static ColumnSchema ReadColumn(JsonFields json, Func<string, DistTrainException> refuse)
    {
        ColumnSchema column = json.Text("kind") switch
        {
            "numeric" => new NumericColumnSchema(json.Text("name"), json.Single("center"), json.OptionalNumber("missingValue")),
            "categorical" => ReadCategorical(json, refuse),
            "indexed" => ReadIndexed(json, refuse),
            var kind => throw refuse($"columns of kind \"{kind}\" are not known"),
        };
        json.End();
        return column;
    }

    static CategoricalColumnSchema ReadCategorical(JsonFields json, Func<string, DistTrainException> refuse)
    {
        var (name, levels) = (json.Text("name"), json.Texts("levels"));
        return levels.Distinct(StringComparer.Ordinal).Count() == levels.Length
            ? new CategoricalColumnSchema(name, levels)
            : throw refuse($"column \"{name}\" has the same level twice");
    }

    static IndexedColumnsSchema ReadIndexed(JsonFields json, Func<string, DistTrainException> refuse)
    {
        var indexBase = json.Integer("indexBase");
        var indices = json.Integers("indices");
        var centers = json.Singles("centers");
        if (indexBase is not (0 or 1)) throw refuse($"index base {indexBase}");
        if (centers.Length != indices.Length) throw refuse("indices and centers differ in number");
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < indexBase || indices[i] > int.MaxValue || i > 0 && indices[i] <= indices[i - 1])
                throw refuse("indices are not ascending, or out of range");
        }
        return new IndexedColumnsSchema([.. indices.Select(i => (int)i)], centers, (int)indexBase);
    }

    static ModelInput ReadInput(JsonFields json, Func<string, DistTrainException> refuse)
    {
        var input = new ModelInput(
            json.OptionalText("label"), json.OptionalText("weight"),
            json.OptionalText("format"), json.OptionalText("delimiter"), json.OptionalText("encoding"));
        json.End();
        if (input.Format is { } word && Words.FormatOf(word) is null) throw refuse($"input format \"{word}\" is not known");
        if (input.Encoding is { } encoding && TextEncoding.Find(encoding) is null) throw refuse($"encoding \"{encoding}\" is not known");
        return input;
    }

    static ModelOrigin ReadOrigin(JsonFields json, Func<string, DistTrainException> refuse)
    {
        var word = json.Text("optimizer");
        var optimizer = Words.OptimizerOf(word) ?? throw refuse($"optimizer \"{word}\" is not known");
        var origin = new ModelOrigin(
            json.Text("productVersion"), optimizer, json.Number("l2"), json.Unsigned("seed"), json.Text("datasetFingerprint"),
            json.OptionalText("synthetic"))
        {
            L1 = json.OptionalNumber("l1") ?? 0,
            IsStandardized = json.OptionalFlag("standardized"),
            HasPenaltyFactors = json.OptionalFlag("penaltyFactors"),
        };
        json.End();
        return origin;
    }

    static byte[] AllBytes(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    static DistTrainException Unreadable(string code, string name, string what)
    {
        var problem = new Problem(
            code, ExitCode.Unreadable, $"{name}: {what}", "expected: a model folder as this version writes it",
            "fix: use the version that wrote it, copy the folder again, or train again");
        return (problem with { File = name }).AsException();
    }
}
