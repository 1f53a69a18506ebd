using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Formats.Datasets;

public sealed class StreamedWriterTests
{
    [Theory]
    [InlineData("dense,rows=20000,features=5,classes=4", 0.1, null)]
    [InlineData("dense,rows=20000,features=5,classes=4", 0.1, null, DenseFormat.Bf16)]
    [InlineData("dense,rows=3000,features=17,seed=9", 0.0, 3)]
    [InlineData("dense,rows=40,features=2,classes=2", 0.3, null)]
    public void A_dataset_made_shard_by_shard_has_the_bytes_of_one_made_in_memory(string sample, double validation, int? shards, DenseFormat format = DenseFormat.Full)
    {
        var options = new DatasetOptions { ValidationFraction = validation, Shards = shards, Seed = 5, DenseFormat = format };
        var spec = SampleSpec.Parse(sample);

        var whole = FilesInMemory.Of(DatasetBuilder.Build(spec.CreateTable(), null, options));
        var streamed = FilesInMemory.Of(GeneratedPlan.Of((IRowSource)spec, options, SerialFor.Instance));

        Assert.Equal(whole.Written!.Fingerprint, streamed.Written!.Fingerprint);
        Assert.Equal(whole.Files, streamed.Files);
    }
}
