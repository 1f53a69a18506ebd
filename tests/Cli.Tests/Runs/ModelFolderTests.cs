using DistTrain.Cli.Tests.Testing;
using DistTrain.Coordinator.Runs;
using DistTrain.Formats;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests.Runs;

/// <summary>A model that is written while another process takes the run over and tidies up.</summary>
public sealed class ModelFolderTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData(1), InlineData(2)]
    public async Task Who_finds_its_files_gone_tells_that_it_was_followed(int lookThatFindsOut)
    {
        var model = await ModelAsync();
        var looks = 0;
        void Look()
        {
            foreach (var temporary in Directory.GetDirectories(_cli.Root, "*.tmp")) Directory.Delete(temporary, recursive: true);
            if (++looks == lookThatFindsOut) throw new Problem("DT5002", ExitCode.Cluster, "another process goes on with this run").AsException();
        }

        var thrown = Assert.Throws<DistTrainException>(() => ModelFolder.Save(_cli.PathOf("model"), model, Look));

        Assert.Equal("DT5002", thrown.Problem.Code);
        Assert.False(Directory.Exists(_cli.PathOf("model")));
    }

    async Task<SavedModel> ModelAsync()
    {
        SavedModel? model = null;
        (await _cli.Run("train sample:dense,rows=50,features=2,classes=2 --out r")).Done();
        await _cli.Run("inspect r", environment =>
        {
            model = ModelFolder.Load("r", environment);
            return environment;
        });
        return model!;
    }
}
