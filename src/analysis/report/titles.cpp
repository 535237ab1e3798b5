#include "titles.hpp"

#include <algorithm>
#include <array>

namespace fieldscan::analysis {
namespace {

struct Titled {
  std::string_view authors, year, venue;  ///< the venue as it begins
  std::string_view title;
};

constexpr std::array titled{
    Titled{"A. Jacot and F. Gabriel and C. Hongler", "2018", "NeurIPS",
           "Neural tangent kernel: convergence and generalization in neural networks"},
    Titled{"J. Lee and others", "2018", "ICLR", "Deep neural networks as Gaussian processes"},
    Titled{"J. Lee and others", "2019", "NeurIPS",
           "Wide neural networks of any depth evolve as linear models under gradient descent"},
    Titled{"S. Arora and others", "2019", "NeurIPS", "On exact computation with an infinitely wide neural net"},
    Titled{"B. Bordelon and A. Canatar and C. Pehlevan", "2020", "ICML",
           "Spectrum dependent learning curves in kernel regression and wide neural networks"},
    Titled{
        "A. Canatar and B. Bordelon and C. Pehlevan", "2021", "Nature Communications",
        "Spectral bias and task-model alignment explain generalization in kernel regression and infinitely wide neural networks"},
    Titled{"O. Cohen and O. Malka and Z. Ringel", "2021", "Physical Review Research",
           "Learning curves for overparametrized deep neural networks: a field theory perspective"},
    Titled{"A. Caponnetto and E. De Vito", "2007", "Found. Comput. Math.",
           "Optimal rates for the regularized least-squares algorithm"},
    Titled{"H. Cui and B. Loureiro and F. Krzakala and L. Zdeborová", "2021", "NeurIPS",
           "Generalization error rates in kernel regression: the crossover from the noiseless to noisy regime"},
    Titled{"B. Poole and others", "2016", "NeurIPS",
           "Exponential expressivity in deep neural networks through transient chaos"},
    Titled{"B. Polyak", "1964", "", "Some methods of speeding up the convergence of iteration methods"},
    Titled{"R. Novak and others", "2019", "ICLR",
           "Bayesian deep convolutional networks with many channels are Gaussian processes"},
    Titled{"A. Garriga-Alonso and L. Aitchison and C. Rasmussen", "2019", "ICLR",
           "Deep convolutional networks as shallow Gaussian processes"},
    Titled{"S. Yaida", "2020", "MSML", "Non-Gaussian processes and neural networks at finite widths"},
    Titled{"I. Seroussi and G. Naveh and Z. Ringel", "2023", "Nature Communications",
           "Separation of scales and a thermodynamic description of feature learning in some CNNs"},
    Titled{"A. van Meegen and H. Sompolinsky", "2024", "",
           "Coding schemes in neural networks learning classification tasks"},
    Titled{"N. Rubin and others", "2025", "",
           "From kernels to features: a multi-scale adaptive theory of feature learning"},
    Titled{"C. Lauditi and B. Bordelon and C. Pehlevan", "2025", "",
           "Adaptive kernel predictors from feature-learning infinite limits of neural networks"},
    Titled{"J. Zavatone-Veth and C. Pehlevan", "2021", "NeurIPS",
           "Exact marginal prior distributions of finite Bayesian neural networks"},
    Titled{"B. Hanin and A. Zlokapa", "2023", "PNAS", "Bayesian interpolation with deep linear networks"},
    Titled{"Q. Li and H. Sompolinsky", "2021", "PRX",
           "Statistical mechanics of deep linear neural networks: the backpropagating kernel renormalization"},
    Titled{"J. Zavatone-Veth and A. Canatar and B. Ruben and C. Pehlevan", "2021", "NeurIPS",
           "Asymptotics of representation learning in finite Bayesian neural networks"},
    Titled{"Z. Dai and M. Karzand and N. Srebro", "2021", "NeurIPS",
           "Representation costs of linear neural networks: analysis and design"},
    Titled{"R. Pacelli and S. Ariosto and M. Pastore and F. Ginelli and M. Gherardi and P. Rotondo", "2023",
           "Nature Machine",
           "A statistical mechanics framework for Bayesian deep neural networks beyond the infinite-width limit"},
    Titled{"F. Aiudi and R. Pacelli and P. Baglioni and A. Vezzani and R. Burioni and P. Rotondo", "2023", "",
           "Local kernel renormalization as a mechanism for feature learning in overparametrized convolutional neural "
           "networks"},
    Titled{"D. Saad and S. Solla", "1995", "Physical Review E", "On-line learning in soft committee machines"},
    Titled{"M. Biehl and H. Schwarze", "1995", "J. Phys. A", "Learning by on-line gradient descent"},
    Titled{"S. Goldt and others", "2019", "NeurIPS",
           "Dynamics of stochastic gradient descent for two-layer neural networks in the teacher-student setup"},
    Titled{"N. Rubin and I. Seroussi and Z. Ringel", "2024", "ICLR",
           "Grokking as a first order phase transition in two layer networks"},
    Titled{"N. Rubin and Z. Davidovich and Z. Ringel", "2025", "",
           "Mitigating the curse of detail: scaling arguments for feature learning and sample complexity"},
    Titled{"K. Fischer and others", "2024", "ICML", "Critical feature learning in deep neural networks"},
    Titled{"Y. Avidan and Q. Li and H. Sompolinsky", "2023", "arXiv",
           "Connecting NTK and NNGP: a unified theoretical framework for wide neural network learning dynamics"},
    Titled{"B. Bordelon and C. Pehlevan", "2022", "NeurIPS",
           "Self-consistent dynamical field theory of kernel evolution in wide neural networks"},
    Titled{"B. Bordelon and C. Pehlevan", "2023", "NeurIPS",
           "Dynamics of finite width kernel and prediction fluctuations in mean field neural networks"},
    Titled{"G. Yang and E. Hu", "2021", "ICML",
           "Tensor Programs IV: feature learning in infinite-width neural networks"},
    Titled{"H. Cui and L. Pesce and Y. Dandi and F. Krzakala and Y. Lu and L. Zdeborová and B. Loureiro", "2024",
           "ICML", "Asymptotics of feature learning in two-layer networks after one gradient-step"},
    Titled{"Y. Dandi and others", "2023", "", "How two-layer neural networks learn, one (giant) step at a time"},
    Titled{"A. Saxe and J. McClelland and S. Ganguli", "2014", "ICLR",
           "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"},
    Titled{"S. Arora and N. Cohen and E. Hazan", "2018", "ICML",
           "On the optimization of deep networks: implicit acceleration by overparameterization"},
};

}  // namespace

std::string title_of(const Work& work) {
  const auto found = std::ranges::find_if(titled, [&](const Titled& t) {
    return t.authors == work.authors && t.year == work.year && work.venue.starts_with(t.venue);
  });
  return found == titled.end() ? std::string() : std::string(found->title);
}

}  // namespace fieldscan::analysis
