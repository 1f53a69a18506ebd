using DistTrain.Data;
using DistTrain.Data.Storage;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Data;

/// <summary>Real data: 12,960 rows of eight categories, five classes.</summary>
public class NurseryTests(ITestOutputHelper output)
{
    [Fact]
    public void Nursery_becomes_27_byte_coded_features_and_5_classes()
    {
        if (SharedData.Find("nursery/nursery.csv") is not { } path)
        {
            output.WriteLine("shared/data/nursery/nursery.csv is not beside the checkout; nothing was tested.");
            return;
        }
        var lines = File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(',')).ToList();
        var columns = lines[0].Select((name, c) => SmallTables.Text(name, [.. lines.Skip(1).Select(cells => cells[c])])).ToList();
        var table = SmallTables.Of([.. lines.Skip(1).Select(cells => cells[^1])], [.. columns[..^1]]);

        var dataset = DatasetBuilder.Build(table, null, new() { ValidationFraction = 0 });

        Assert.Equal(["not_recom", "priority", "recommend", "spec_prior", "very_recom"], dataset.Classes.Names.AsEnumerable());
        Assert.Equal([4320.0, 4266, 2, 4044, 328], dataset.Manifest.ClassWeights.AsEnumerable());
        Assert.Equal((27, 5, 13), (dataset.Manifest.FeatureCount, dataset.Manifest.ClassCount, dataset.Manifest.ShardCount));
        Assert.Equal([3, 5, 4, 4, 3, 2, 3, 3], dataset.Manifest.Layout.Coded.Select(column => column.FeatureCount));
        Assert.All(dataset.Manifest.Layout.Coded, column => Assert.Equal(CodeKind.Level, column.Kind));
        Assert.Equal("children=more", dataset.Schema.Columns[3].FeatureName(3));
        Assert.Equal(8 * 12_960.0, dataset.Manifest.Sums.Sum());
    }
}
