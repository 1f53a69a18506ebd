using DistTrain.Formats.Datasets;
using DistTrain.Shared.Tests.Data;

namespace DistTrain.Shared.Tests.Formats.Datasets;

public sealed class DatasetLimitTests
{
    [Theory]
    [InlineData("numbers", 10_000, "DT3507: training-00000.arrow would have 1")]
    [InlineData("all storages, weights, gaps", 1_000, "DT3508: class-statistics.arrow would have ")]
    public void What_is_too_large_for_a_file_is_refused_before_anything_is_written(string name, long bytesMax, string beginning)
    {
        var dataset = StoredExamples.Of(name);

        Assert.StartsWith(beginning, Refusal.TextOf(() => DatasetWriter.Write(
            dataset, FilesInMemory.Origin, (file, _) => Assert.Fail($"{file} is written."), bytesMax)));
    }
}
