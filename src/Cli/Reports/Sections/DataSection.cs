using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Charts;
using DistTrain.Cli.Reports.Markup;
using DistTrain.Data.Schema;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>What the model was trained on: files, columns, classes; no row of it.</summary>
static class DataSection
{
    const int FilesMax = 30;
    const int ColumnsMax = 60;
    const int FindingsMax = 40;
    const int ClassesMax = 30;

    public static Element Of(ReportData data) => new("section", ("id", "data"),
        new Element("h2", "The data"),
        Rows(data),
        data.Dataset.Files.IsEmpty ? null : Files(data),
        new Element("h3", "Classes"),
        Classes(data),
        Columns(data),
        data.Findings.IsEmpty ? null : Cells.Folded("What was detected or guessed", new Element("ul", data.Findings.Take(FindingsMax).Select(finding => new Element("li", Clipped.Line(finding)))),
            data.Findings.Length > FindingsMax ? Cells.Note($"{Figures.Count(data.Findings.Length - FindingsMax)} more are left out: they were printed when the run began.") : null));

    static Element Rows(ReportData data)
    {
        var dataset = data.Dataset;
        var held = dataset.ValidationRows == 0 ? "nothing held out"
            : $"{Figures.Count(dataset.ValidationRows, "row", "rows")} held out ({Figures.Percent((double)dataset.ValidationRows / (dataset.TrainingRows + dataset.ValidationRows))})";
        return new("p", $"{Figures.Count(dataset.TrainingRows, "training row", "training rows")} in {Figures.Count(dataset.ShardCount, "shard", "shards")}, {held}; " +
            $"{Kinds(data.Model.Schema)}. Majority class: “{data.NameOf(data.Model.MajorityClass)}”, " +
            $"right for {Figures.Percent(data.Judged.MajorityAccuracy)} of {(data.IsHeldOut ? "the rows held out" : "the training rows")}.");
    }

    /// <summary>"3 numbers, 5 categories with 23 levels".</summary>
    static string Kinds(FeatureSchema schema)
    {
        var numbers = schema.Columns.OfType<NumericColumnSchema>().ToList();
        var categories = schema.Columns.OfType<CategoricalColumnSchema>().ToList();
        var indexed = schema.Columns.OfType<IndexedColumnsSchema>().Sum(column => column.FeatureCount);
        var marks = numbers.Count(column => column.HasMissingIndicator);
        string?[] kinds =
        [
            numbers.Count > 0 ? Figures.Count(numbers.Count, "number", "numbers") : null,
            marks > 0 ? Figures.Count(marks, "mark of an empty cell", "marks of empty cells") : null,
            categories.Count > 0 ? $"{Figures.Count(categories.Count, "category", "categories")} with {Figures.Count(categories.Sum(column => column.FeatureCount), "level", "levels")}" : null,
            indexed > 0 ? Figures.Count(indexed, "indexed number", "indexed numbers") : null,
        ];
        return string.Join(", ", kinds.OfType<string>());
    }

    static Fragment Files(ReportData data)
    {
        var files = data.Dataset.Files;
        return new(
            new Element("h3", "Files"),
            Cells.Table("Input files", [Cells.Heading("file"), Cells.Heading("SHA-256")],
                files.Take(FilesMax).Select(file => Cells.Row(Cells.Name(file.Name), Cells.Words(("class", "hash"), file.Sha256)))),
            files.Length > FilesMax ? Cells.Note($"{Figures.Count(files.Length - FilesMax)} more are left out: {data.Run}/dataset.json has all.") : null);
    }

    static Fragment Classes(ReportData data)
    {
        var (weights, shown) = (data.Model.TrainingClassWeights, ShownClasses.Of(data, ClassesMax));
        var (total, held, factors) = (weights.Sum(), data.Result.Validation, data.Model.ClassWeights);
        return new(
            Cells.Table("Weight of each class",
                [Cells.Heading("class"), Cells.NumberHeading("training"), Cells.NumberHeading("share"), Cells.BarHeading(), held is null ? null : Cells.NumberHeading("held out"), factors.IsEmpty ? null : Cells.NumberHeading("class weight")],
                shown.Numbers.Select(k => Cells.Row(
                    Cells.Name(data.NameOf(k)), Cells.Number(Figures.Weight(weights[k])), Cells.Number(Figures.Percent(weights[k] / total)),
                    Cells.Words(("class", "bar extra"), Bar.Of(weights[k] / weights.Max())), held is null ? null : Cells.Number(Figures.Weight(held.PerClass[k].Support)),
                    factors.IsEmpty ? null : Cells.Number(Figures.Value(factors[k]))))),
            Cells.Note($"Sums of the rows' weights.{(factors.IsEmpty ? "" : " In training each is multiplied by its class weight.")}{shown.Rest("model/model.json")}"));
    }

    static Element Columns(ReportData data)
    {
        var columns = data.Model.Schema.Columns;
        return Cells.Folded(
            columns.Length == 1 ? "The feature column" : $"The {Figures.Count(columns.Length)} feature columns",
            Cells.Table("Feature columns", [Cells.Heading("column"), Cells.Heading("kind"), Cells.NumberHeading("features")],
                columns.Take(ColumnsMax).Select(column => Cells.Row(Cells.Name(column.Name), Cells.Words(ModelReport.Kind(column)), Cells.Number(Figures.Count(column.FeatureCount))))),
            columns.Length > ColumnsMax ? Cells.Note($"{Figures.Count(columns.Length - ColumnsMax)} more are left out: {data.Run}/model/model.json has all.") : null);
    }
}
